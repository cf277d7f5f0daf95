import * as pulumi from "@pulumi/pulumi";
import { type Account, settingsOf } from "../account";
import { typeInRun } from "../engine/host";
import { checkInputs, failing } from "../engine/input-checks";
import { Port } from "../port";
import { type PortRef } from "../port-settings";
import { beginProgram } from "../engine/program-start";
import { unknownName } from "../../provider/input-names";
import { runError } from "../engine/run-error";
import type * as answers from "../../provider/lookups/answer";
import { type AnyLookup } from "../../provider/lookups/lookup";
import { clientOf, keylessClientOf } from "./client";

/** Options of a function that asks the vendor. */
export interface LookupOptions {
  /** The account to ask. @default the parent's, else that of the stack's configuration or the environment */
  provider?: Account;
  /** A resource whose account is asked: the one that it, or a component above it, was given as provider. */
  parent?: pulumi.Resource;
}

/** Args of the Output form of a function: each may be an Output, and a port may be a Port of the program. */
export type OutputArgs<Args> = {
  [name in keyof Args]: name extends "port" ? PortRef : pulumi.Input<Args[name]>;
};

/** The promise form. */
export async function promiseOf<Args extends object, Answer>(
  lookup: AnyLookup<Args, Answer>,
  args: Args,
  options: LookupOptions = {},
): Promise<Answer> {
  const { name } = lookup;
  try {
    checkArgs(lookup, args);
    for (const [input, value] of Object.entries(args))
      if (isLater(value)) failing(name)(input, `is known later. Give it to ${name}Output.`);
    checkOptions(options, name);
    const account = accountOf(name, options) as KnowableOutput<AccountSettings>;
    if (await account.isKnown) return await answerOf(lookup, args, await account.promise());
  } catch (error) {
    throw asLine(error);
  }
  throw runError(`${name}: the account's key is not known yet in this preview. Use ${name}Output.`);
}

/** The Output form: unknown in a preview as long as the account or an argument is. */
export function outputOf<Args extends object, Answer>(
  lookup: AnyLookup<Args, Answer>,
  args: OutputArgs<Args>,
  options: LookupOptions = {},
): pulumi.Output<Answer> {
  const { name, secret } = lookup;
  checkArgs(lookup, args, `${name}Output`);
  checkOptions(options, `${name}Output`);
  const { port } = args as { port?: PortRef };
  const given = pulumi.output({
    ...args,
    ...(Port.isInstance(port) && { port: servingPort(port) }),
  }) as unknown as pulumi.Output<Args>;
  const asked = pulumi.all([given, accountOf(name, options)]).apply(async ([known, account]) => {
    try {
      return tells(await answerOf(lookup, known as Args, account));
    } catch (error) {
      return fails(asLine(error));
    }
  });
  // The key makes it secret, which the answer does not hold; what else was secret stays so.
  return pulumi.all([given, secret ? asked : pulumi.unsecret(asked)]).apply(([, tell]) => tell() as Answer);
}

function checkArgs<Args, Answer>({ name, inputs }: AnyLookup<Args, Answer>, args: unknown, calledAs = name): void {
  beginProgram();
  checkInputs(args, Object.keys(inputs), failing(calledAs));
}

const OPTIONS: readonly (keyof LookupOptions)[] = ["provider", "parent"];

/** Refuses an option that does not exist: one that was meant as provider would go unnoticed, and another account be asked. */
function checkOptions(options: unknown, calledAs: string): void {
  const fail = failing(calledAs);
  if (typeof options !== "object" || options === null || Array.isArray(options) || pulumi.Output.isInstance(options)) {
    return fail("options", "is not an object. Give one, such as { provider: account }.");
  }
  const fault = unknownName(options, OPTIONS, "option");
  if (fault) fail(fault.property === "options" ? "options" : `options.${fault.property}`, fault.reason);
}

/** What has no value yet while the program runs. */
const isLater = (value: unknown): boolean => pulumi.Output.isInstance(value) || pulumi.Resource.isInstance(value);

function answerOf<Args extends object, Answer>(
  lookup: AnyLookup<Args, Answer>,
  args: Args,
  account: AccountSettings,
): Promise<Answer> {
  // Loaded here: a program that looks nothing up is spared it.
  const { answerOf } = require("../../provider/lookups/answer") as typeof answers;
  return lookup.keyless ? answerOf(lookup, keylessClientOf(account), args) : answerOf(lookup, clientOf(account), args);
}

/** The vendor's port that serves for a Port now. Under mocks a Port may have no outputs of its own. */
const servingPort = (port: Port): pulumi.Output<string> =>
  pulumi.all([port.id, port.portId]).apply(([id, portId]) => portId || id);

/**
 * An error is thrown by the last Output only: for each Output that depends on the one that throws, V8 looks several
 * times as long for a handler while its debugger is on, as it is in Pulumi's runner. Three were 15 s, four took all the
 * memory. Between Outputs an error is a function, since Pulumi takes objects apart.
 */
const fails = (error: Error) => (): never => {
  throw error;
};
const tells =
  <Answer>(answer: Answer) =>
  (): Answer =>
    answer;

interface AccountSettings {
  apiKey?: string;
  apiUrl?: string;
}

/** What each Output has at run time, and its type does not show. */
type KnowableOutput<T> = pulumi.Output<T> & { isKnown: Promise<boolean>; promise(): Promise<T> };

/** The account that is to be asked, secret. */
function accountOf(name: string, { provider, parent }: LookupOptions): pulumi.Output<AccountSettings> {
  const account = provider ?? parent?.getProvider(typeInRun("Port"));
  if (account === undefined) {
    const config = new pulumi.Config("proxies-sx");
    return pulumi.secret({ apiKey: config.get("apiKey"), apiUrl: config.get("apiUrl") });
  }
  const settings = settingsOf(account);
  if (settings) return settings;
  throw runError(`${name}: the provider is no Account of pulumi-proxies-sx. Give one as provider.`);
}

/**
 * An error that Pulumi shows as its message alone. It prints the stack and all fields of errors that it does not know,
 * and it inspects the stack of each: Node 20.20 does not come to an end with frames of @pulumi/output.ts.
 */
function asLine(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : runError(String(thrown));
  Object.defineProperty(error, "__pulumiRunError", { value: true });
  error.stack = "";
  return error;
}
