import { z } from "zod";
import { listOf, requiredId } from "./fields";
import { type Answer, type Call, requestIdOf } from "./transport/call";
import { ApiError, factsOf } from "./transport/errors";
import { fitToKeep } from "./words";
import { Redactor } from "../text";

/** Reports what is odd but harmless. */
export type Notice = (text: string) => void;

/** What a reader may use besides the body. */
export interface ResponseContext {
  notice: Notice;
  /** Epoch ms at the vendor. */
  serverNow: number | undefined;
  /** Of 2xx, or one that the call takes for an answer. */
  status: number;
  /** By its name in small letters, as it came: what is read from it must be made fit. */
  header(name: string): string | undefined;
  /** A copy of what was read from a header, its texts clean and without secrets, as a body's are already. */
  fit<T>(value: T): T;
  /** Length of the body, in characters. */
  size: number;
  /** The error for a field that is not as documented. Never takes the field's value. */
  broken(field: PropertyKey[], what: string): ApiError;
  /** Notes a field that only informs and whose value is impossible. Never takes the value. */
  leftOut(field: PropertyKey[], what: string): void;
  /** Notes a value that no source knows, and lets it pass. */
  known(field: string, value: string | undefined, values: readonly string[]): string | undefined;
}

/** Turns the body of a 2xx answer into what the client returns, or throws `context.broken(…)`. */
export type Reader<T> = (body: unknown, context: ResponseContext) => T;

/** A reader that checks the body against a schema, then maps it. Fields that the schema does not name are dropped. @internal */
export function reader<S extends z.ZodType, T>(
  schema: S,
  map: (seen: z.output<S>, context: ResponseContext) => T,
): Reader<T> {
  return (body, context) => {
    let result = schema.safeParse(body);
    if (result.error?.issues.every(onlyInforms)) {
      for (const { path, message } of result.error.issues) {
        leaveOut(body, path);
        context.leftOut(path, message);
      }
      result = schema.safeParse(body);
    }
    if (result.success) return map(result.data, context);
    const issue = result.error.issues.find((one) => !onlyInforms(one));
    throw context.broken(issue?.path ?? [], issue ? whatIsWrong(issue, body) : "is broken");
  };
}

/** For each field of T its schema. What T must have no schema may leave out. */
type Shape<T> = { [K in keyof T]-?: z.ZodType<undefined extends T[K] ? T[K] | null : T[K]> };

/** A reader for an object whose fields go out as they come in, by their names. @internal */
export function record<T extends object>(shape: Shape<T>): Reader<T> {
  return reader(z.object(shape as z.ZodRawShape), (wire) => present<T>(wire as T));
}

/** The same for a list of things that have ids, which the vendor calls `_id`. @internal */
export function listed<T extends { id: string }>(shape: Shape<Omit<T, "id">>): Reader<T[]> {
  const entry = z.object({ ...(shape as z.ZodRawShape), _id: requiredId });
  return reader(listOf(entry), (wire) =>
    wire.map(({ _id, ...one }) => present<T>({ ...one, id: _id } as unknown as T)),
  );
}

const onlyInforms = (issue: z.core.$ZodIssue): boolean => issue.code === "custom" && issue.params?.informs === true;

function leaveOut(body: unknown, path: PropertyKey[]): void {
  const holder = path.slice(0, -1).reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], body);
  (holder as Record<PropertyKey, unknown>)[path.at(-1)!] = undefined;
}

/** The object without its null and undefined fields, so that it is safe to store as JSON. */
export function present<T extends object>(value: { [K in keyof T]: T[K] | null | undefined }): T {
  // Not by assignments: after twenty of them V8 keeps an object as a table, which takes four times the memory.
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined)) as T;
}

export function responseContext(
  call: Call,
  answer: Answer,
  notice: Notice,
  serverNow: number | undefined,
  redactor = new Redactor([]),
): ResponseContext {
  const endpoint = `${call.method} ${call.outsideV1 ? "" : "/v1"}${call.route}`;
  return {
    notice,
    serverNow,
    status: answer.status,
    header: (name) => answer.headers[name],
    fit: <T>(value: T) => fitToKeep(structuredClone(value), JSON.stringify(value), redactor) as T,
    size: answer.text.length,
    broken(field, what) {
      return new ApiError({
        ...factsOf(call, "maybe"),
        code: "bad_answer",
        reason: field.length > 0 ? `answer field ${fieldName(field)} ${what}` : `the answer ${what}`,
        status: answer.status,
        requestId: requestIdOf(answer),
      });
    },
    leftOut(field, what) {
      const name = fieldName(field.map((part) => (typeof part === "number" ? "[]" : part)));
      notice(`${endpoint}: answer field ${name} ${what}: it is left out`);
    },
    known(field, value, values) {
      if (value === undefined || values.includes(value)) return value;
      const shown = value === "unknown" ? "of an odd form" : `"${value}"`;
      notice(`${endpoint}: unknown ${field} ${shown} (known: ${values.join(", ")})`);
      return value;
    },
  };
}

/** `[0].device.country` */
function fieldName(field: PropertyKey[]): string {
  return field
    .map((part) => (typeof part === "number" ? `[${part}]` : part === "[]" ? part : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function whatIsWrong(issue: z.core.$ZodIssue, body: unknown): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_type") {
    const found = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)?.[part], body);
    const article = /^[aeiou]/.test(issue.expected) ? "an" : "a";
    return found === undefined && issue.path.length > 0 ? "is missing" : `is not ${article} ${issue.expected}`;
  }
  return "has none of the documented forms";
}
