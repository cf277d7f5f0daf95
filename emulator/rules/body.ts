import { badRequest } from "./problem";

type Check = (name: string, value: unknown) => string[];

interface Field {
  check: Check;
  required: boolean;
  /** Named by the vendor's page; with the quirk `strictBody` no other is accepted. */
  onPage: boolean;
}

const field = (check: Check): Field => ({ check, required: false, onPage: true });
export const required = (of: Field): Field => ({ ...of, required: true });
/** Sent by the vendor's own client, absent from its page. */
export const offPage = (of: Field): Field => ({ ...of, onPage: false });

/** Without a bound of the vendor's it has one of the emulator's: what is kept must not grow without end. */
export const text = (least = 0, most = 1_000): Field =>
  field((name, value) => {
    if (typeof value !== "string") return [`${name} must be a string`];
    if (value.length < least)
      return [
        least === 1 ? `${name} should not be empty` : `${name} must be longer than or equal to ${least} characters`,
      ];
    return value.length > most ? [`${name} must be shorter than or equal to ${most} characters`] : [];
  });

const MOST_IDS = 1_000;
export const isId = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{24}$/i.test(value);

export const objectId = (): Field => field((name, value) => (isId(value) ? [] : [`${name} must be a mongodb id`]));

export const flag = (): Field =>
  field((name, value) => (typeof value === "boolean" ? [] : [`${name} must be a boolean value`]));

export const number = (least: number, most: number): Field =>
  field((name, value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return [`${name} must be a number`];
    if (value < least) return [`${name} must not be less than ${least}`];
    return value > most ? [`${name} must not be greater than ${most}`] : [];
  });

export const integer = (least: number, most: number): Field =>
  field((name, value) =>
    Number.isInteger(value) ? number(least, most).check(name, value) : [`${name} must be an integer number`],
  );

export const oneOf = (values: readonly string[]): Field =>
  field((name, value) =>
    values.includes(value as string) ? [] : [`${name} must be one of the following values: ${values.join(", ")}`],
  );

export const objectIds = (): Field =>
  field((name, value) =>
    Array.isArray(value) && value.length <= MOST_IDS && value.every(isId)
      ? []
      : [`each value in ${name} must be a mongodb id, ${MOST_IDS} at most`],
  );

/** Checks a body as NestJS does: all complaints at once, as an array. Unlisted fields are dropped. */
export function readBody<T>(body: unknown, fields: Record<string, Field>, strict = false): T {
  const given = (body ?? {}) as Record<string, unknown>;
  if (typeof given !== "object" || Array.isArray(given)) throw badRequest(["body must be an object"]);
  const complaints: string[] = [];
  const read: Record<string, unknown> = {};
  if (strict)
    for (const name of Object.keys(given))
      if (!fields[name]?.onPage) complaints.push(`property ${name} should not exist`);
  for (const [name, of] of Object.entries(fields)) {
    const value = given[name];
    if (value === undefined || value === null) {
      if (of.required) complaints.push(`${name} should not be empty`);
      continue;
    }
    const found = of.check(name, value);
    if (found.length > 0) complaints.push(...found);
    else read[name] = value;
  }
  if (complaints.length > 0) throw badRequest(complaints);
  return read as T;
}
