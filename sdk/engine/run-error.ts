import * as pulumi from "@pulumi/pulumi";

/** An error that stops a program with its message alone: a stack trace of this package helps no user. */
export function runError(message: string): Error {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}
