import * as pulumi from "@pulumi/pulumi";
import { cleanLines } from "../../text/clean";

/** Says what a person must know, in the row of a resource or in the stack's. */
export const logWarning = (text: string, resource?: pulumi.Resource): Promise<void> =>
  pulumi.log.warn(cleanLines(text), resource);

export const logInfo = (text: string, resource?: pulumi.Resource): Promise<void> =>
  pulumi.log.info(cleanLines(text), resource);
