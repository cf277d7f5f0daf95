import * as pulumi from "@pulumi/pulumi";
import { readAhead } from "../../provider/hosts/read-ahead";
import { ownerOfStack } from "./resource-kind";

/** When a program imports this package, before it makes anything: see read-ahead.ts. Nothing without an engine. */
if (pulumi.runtime.getEngine()) {
  const stack = `${ownerOfStack() ?? "organization"}/${pulumi.getProject()}/${pulumi.getStack()}`;
  readAhead(stack, pulumi.runtime.isDryRun());
}
