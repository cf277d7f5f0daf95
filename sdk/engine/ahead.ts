import * as pulumi from "@pulumi/pulumi";
import { fullName } from "../../domain/hidden-inputs";
import type * as ahead from "../../provider/hosts/read-ahead";
import { ownerOfStack } from "./resource-kind";

/** When a program imports this package, before it makes anything: see read-ahead.ts. Nothing without an engine. */
if (pulumi.runtime.getEngine()) {
  // Loaded here: what is no program is spared it.
  const { readAhead } = require("../../provider/hosts/read-ahead") as typeof ahead;
  const stack = fullName({ owner: ownerOfStack(), project: pulumi.getProject(), stack: pulumi.getStack() });
  readAhead(stack, pulumi.runtime.isDryRun());
}
