import { isUnknown } from "../../domain/unknown";
import { kindGiven } from "../../text";
import { InputError } from "../errors";
import { checkNames } from "../input-names";
import { checkChoice, checkLength, checkText } from "../input-values";
import { type Client } from "./client";
import { type LookupForm, type LookupInput } from "./lookup";

/** @throws InputError that begins with the function's name, where an argument cannot be used */
export async function answerOf<Args extends object, Answer, A>(
  lookup: LookupForm<Args, Answer, A>,
  client: Client<A>,
  args: Args,
): Promise<Answer> {
  const inputs: Readonly<Record<string, LookupInput>> = lookup.inputs;
  try {
    checkNames(args, Object.keys(inputs));
    for (const [name, input] of Object.entries(inputs))
      checkInput(name, input, (args as Record<string, unknown>)[name]);
    return await lookup.ask(client, args);
  } catch (error) {
    throw error instanceof InputError ? new InputError(lookup.name, error.message) : error;
  }
}

function checkInput(name: string, { type, oneOf, required }: LookupInput, value: unknown): void {
  if (value === undefined && !required) return;
  if (isUnknown(value)) throw new InputError(name, "is not known yet in this preview.");
  switch (type) {
    case "string":
      return oneOf ? checkChoice(name, value, oneOf) : checkText(name, value, true);
    case "duration":
      return void checkLength(name, value);
    case "number":
      if (!Number.isFinite(value) || (value as number) <= 0) refuse(name, "must be a number above 0", value);
      return;
    case "integer":
      if (!Number.isSafeInteger(value) || (value as number) < 0) refuse(name, "must be a whole number from 0", value);
      return;
  }
}

function refuse(name: string, rule: string, value: unknown): never {
  throw new InputError(name, `${rule} (${kindGiven(value)}).`);
}
