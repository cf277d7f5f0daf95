import { redactBody, redactText } from "../../emulator/control/redaction";
import { Faults } from "../../emulator/control/faults";
import { readBody, text } from "../../emulator/rules/body";
import { choiceOf, countOf } from "../../emulator/rules/query";
import { parseDuration, parseInstant } from "../../emulator/world/clock";
import { DAY, GERMANY, type World, world } from "./harness";
import { inLinearTime, LONG } from "../text/linear-time";

const filled = (part: string) => part.repeat(Math.ceil(LONG / part.length));
/** About as long, once a URL has it. */
const inUrl = (long: string) => encodeURIComponent(long.slice(0, LONG / 3));

const TEXTS = [
  "1",
  "a",
  "%",
  "%2",
  "%25",
  "%70",
  "psx_",
  "psx_psx-",
  "0123456789abcdef0123456789abcde-",
  "/rotate/",
  "/v1",
]
  .concat(["1d", "1.", "Bearer ", "&a=", "[", '{"a":', "\\", "é", "\u0000", "2026-", " "])
  .map((part) => [JSON.stringify(part), filled(part)] as const);

describe.each(TEXTS)("much of %s", (_part, long) => {
  const query = new URLSearchParams({ name: long });
  test.each<[string, () => unknown, string | null]>([
    ["a text", () => redactText(long, [long.slice(0, 9), "a key of one's own"]), null],
    ["a body", () => redactBody({ [long]: [long] }), null],
    ["a duration", () => parseDuration(long), "is no duration"],
    ["a time", () => parseInstant(long), "is no time"],
    ["a field", () => readBody({ name: long }, { name: text(1) }), "shorter"],
    ["a count", () => countOf(query, "name", 1, 9), "integer"],
    ["a choice", () => choiceOf(query, "name", ["a", "b"]), "one of"],
  ])("is read, masked or refused in time as %s", async (what, read, refusal) => {
    await inLinearTime(what, () => (refusal !== null ? expect(read).toThrow(refusal) : read()));
  });
});

describe.each(TEXTS.filter((_, at) => at % 7 === 2))("much of %s in a request", (_part, long) => {
  test.each<[string, (here: World, long: string) => Promise<unknown>]>([
    ["path", (here) => here.call(`GET /v1/ports/${inUrl(long)}`)],
    ["rotation token", (here) => here.call(`GET /rotate/${inUrl(long)}`, { key: null })],
    ["query", (here) => here.call(`GET /v1/ports?status=${inUrl(long)}`)],
    ["query's name", (here) => here.call(`GET /v1/ports?${inUrl(long)}`)],
    ["body", (here) => here.call("POST /v1/ports", { body: long })],
    ["field", (here) => here.call("POST /v1/ports", { body: { countryId: GERMANY, expiresAt: DAY, note: long } })],
    ["clock", (here) => here.call("POST /_emulator/clock", { body: { advance: long } })],
    ["country", (here) => here.call("POST /_emulator/ports", { body: { country: long } })],
  ])("is no hindrance as a %s", async (_where, send) => {
    const here = world();
    await inLinearTime("the request", () => send(here, long));
    await inLinearTime("the log", () => here.call("GET /_emulator/requests", { key: null }));
    expect(JSON.stringify(here.control.requests()).length).toBeLessThan(50_000);
  });
});

test.each(["x-api-key", "authorization", "idempotency-key", "content-type", "origin", "host"])(
  "a long text in the header %s is no hindrance",
  async (name) => {
    const here = world();
    for (const part of ["a", "Bearer ", "application/json", "127.", "http://"]) {
      const headers = { [name]: filled(part).trim() };
      await inLinearTime(part, () => here.call("POST /v1/ports", { body: {}, headers }));
    }
  },
);

test.each([
  ["^(a+)+$", true],
  ["^(a+)+b$", false],
  ["^(a|a)*b$", false],
  ["^(a|aa)+$", true],
  ["^(.*a){20}b", false],
  ["^.*.*.*.*b$", false],
  ["**a**a**a**a**b", false],
  ["*a*a*a*a*b", false],
  ["**a**a**a**", true],
])("a fault's path %s decides on a long text in time", async (path, strikes) => {
  const faults = new Faults();
  faults.add({ path, status: 500 });
  const struck = await inLinearTime(path, () => faults.strike("GET", filled("a")));
  expect(struck !== undefined).toBe(strikes);
});

test("a pattern that is larger than any of use is refused", () => {
  expect(() => new Faults().add({ path: `^${"(a{1,30})".repeat(200)}` })).toThrow("path");
  expect(() => new Faults().add({ path: `^(((a{1,1000}){1,1000}){1,1000})` })).toThrow("path");
});
