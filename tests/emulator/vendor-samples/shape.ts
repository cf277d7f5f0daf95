/** One sort of value: its name, and how one is recognised. */
export class Kind {
  constructor(
    readonly name: string,
    readonly holds: (value: unknown) => boolean,
  ) {}
}

/** An array whose items have one of these shapes each. It has at least one item of each shape. */
class ListOf {
  constructor(readonly shapes: readonly Shape[]) {}
}

export type Shape = Kind | ListOf | { readonly [field: string]: Shape };

export interface Difference {
  /** "device.country.code", "[].portRange". */
  path: string;
  /** "additional": the shape has no such field. */
  is: "missing" | "additional" | "wrong";
  says: string;
}

const textLike = (name: string, pattern: RegExp) =>
  new Kind(name, (value) => typeof value === "string" && pattern.test(value));

export const text = textLike("a text", /\S/);
export const flag = new Kind("true or false", (value) => typeof value === "boolean");
export const number = new Kind("a number", (value) => typeof value === "number" && Number.isFinite(value));
export const whole = new Kind("a count", (value) => Number.isSafeInteger(value) && (value as number) >= 0);
/** 2001 to 2286: seconds would be outside. */
export const epochMs = new Kind("epoch ms", (value) => Number.isInteger(value) && /^\d{13}$/.test(String(value)));
export const iso = textLike("an ISO time in UTC", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
export const objectId = textLike("an id of 24 hexadecimal digits", /^[0-9a-f]{24}$/);
export const ipv4 = textLike("an IPv4 address", /^(\d{1,3}\.){3}\d{1,3}$/);
export const like = (pattern: RegExp): Kind => textLike(`a text like ${pattern.source}`, pattern);
export const oneOf = (...values: unknown[]): Kind =>
  new Kind(values.map((value) => JSON.stringify(value)).join(" or "), (value) => values.includes(value));
export const list = (...shapes: Shape[]): Shape => new ListOf(shapes);
export const empty = new Kind("an empty list", (value) => Array.isArray(value) && value.length === 0);
/** Of any fields, at least one. */
export const fields = new Kind("an object", (value) => isObject(value) && Object.keys(value).length > 0);

/** Where a value is not of a shape, each place once. */
export function differences(value: unknown, shape: Shape, path = ""): Difference[] {
  const wrong = (is: string): Difference[] => [{ path, is: "wrong", says: `is ${asText(value)}, not ${is}` }];
  if (shape instanceof Kind) return shape.holds(value) ? [] : wrong(shape.name);
  if (shape instanceof ListOf) return Array.isArray(value) ? inList(value, shape, path) : wrong("a list");
  if (!isObject(value)) return wrong("an object");
  const inner = (field: string) => (path === "" ? field : `${path}.${field}`);
  return [
    ...Object.entries(shape).flatMap(([field, of]) =>
      Object.hasOwn(value, field)
        ? differences(value[field], of, inner(field))
        : [{ path: inner(field), is: "missing", says: "is not there" } as const],
    ),
    ...Object.keys(value)
      .filter((field) => !Object.hasOwn(shape, field))
      .map((field) => ({ path: inner(field), is: "additional", says: `is ${asText(value[field])}` }) as const),
  ];
}

/** Each item is compared with the shape that it is nearest to. */
function inList(items: unknown[], { shapes }: ListOf, path: string): Difference[] {
  const here = `${path}[]`;
  const met = new Set<Shape>();
  const found = items.flatMap((item) => {
    const compared = shapes.map((shape) => ({ shape, all: differences(item, shape, here) }));
    const [nearest] = compared.sort((a, b) => serious(a.all) - serious(b.all));
    if (nearest && serious(nearest.all) === 0) met.add(nearest.shape);
    return nearest?.all ?? [];
  });
  const unmet = shapes
    .filter((shape) => !met.has(shape))
    .map(
      (shape) => ({ path: here, is: "missing", says: `no item is like sample ${shapes.indexOf(shape) + 1}` }) as const,
    );
  const each = new Map([...found, ...unmet].map((one) => [`${one.path} ${one.is}`, one]));
  return [...each.values()];
}

const serious = (all: Difference[]): number => all.filter(({ is }) => is !== "additional").length;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asText = (value: unknown): string => (value === undefined ? "undefined" : JSON.stringify(value)).slice(0, 100);
