import { ACCOUNT_HELP, ACCOUNT_OPTIONS, type AccountArguments, accountArguments } from "./open-api";
import { stateArguments } from "./state-arguments";

/** Options of every command about an account and no port of it, for parseArguments. */
export const ONE_ACCOUNT_OPTIONS = {
  stack: { type: "string" },
  cwd: { type: "string" },
  ...ACCOUNT_OPTIONS,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const ONE_ACCOUNT_HELP = `  --stack NAME     the stack whose configuration has key and API
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask
  --env            take the key and the API from the environment, also with --stack
  --json           JSON on a terminal too; in a pipe it is the default
  --help           this text

${ACCOUNT_HELP}`;

export interface OneAccountArguments extends AccountArguments {
  json: boolean;
}

export function oneAccountArguments({
  stack,
  json = false,
  ...values
}: {
  stack?: string;
  cwd?: string;
  "api-url"?: string;
  env?: boolean;
  json?: boolean;
}): OneAccountArguments {
  const { stacks, cwd } = stateArguments({ ...values, ...(stack !== undefined && { stack: [stack] }) });
  return { ...accountArguments(values), stacks, cwd, json };
}
