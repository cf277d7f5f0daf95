import { isId } from "./body";
import { badRequest } from "./problem";

/** Parameters of a query: absent and empty ones are undefined, others are right or refused with 400. */

export function countOf(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw badRequest([`${name} must be an integer number`]);
  return within(name, Number(text), least, most);
}

/** A decimal number. */
export function amountOf(query: URLSearchParams, name: string, least: number, most: number): number {
  const text = query.get(name) ?? "";
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) throw badRequest([`${name} must be a number`]);
  return within(name, Number(text), least, most);
}

export function choiceOf<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  const value = values.find((each) => each === text);
  if (value === undefined) throw badRequest([`${name} must be one of the following values: ${values.join(", ")}`]);
  return value;
}

export function flagOf(query: URLSearchParams, name: string): boolean {
  return choiceOf(query, name, ["true", "false"]) === "true";
}

export function idOf(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  if (!isId(text)) throw badRequest([`${name} must be a mongodb id`]);
  return text;
}

function within(name: string, value: number, least: number, most: number): number {
  if (value < least) throw badRequest([`${name} must not be less than ${least}`]);
  if (value > most) throw badRequest([`${name} must not be greater than ${most}`]);
  return value;
}
