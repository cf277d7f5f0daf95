import { redactBody, redactText } from "../../emulator/control/redaction";
import { Faults } from "../../emulator/control/faults";
import { readBody, text } from "../../emulator/rules/body";
import { choiceOf, countOf } from "../../emulator/rules/query";
import { parseDuration, parseInstant } from "../../emulator/world/clock";
import { DAY, GERMANY, type World, world } from "./harness";

/**
 * Each letter looked at once takes milliseconds for 1 MB; each pair of letters would take minutes. It is the processor's
 * time that counts, so that a busy machine changes nothing.
 */
const MOST_MS = 4_000;
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const MEGABYTE = 1_000_000;
const filled = (part: string) => part.repeat(Math.ceil(MEGABYTE / part.length));
/** About as long, once a URL has it. */
const inUrl = (long: string) => encodeURIComponent(long.slice(0, MEGABYTE / 3));

function quick<T>(run: () => T): T {
  const start = spent();
  try {
    return run();
  } finally {
    expect(spent() - start).toBeLessThan(MOST_MS);
  }
}

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

describe.each(TEXTS)("1 MB of %s", (_part, long) => {
  test("is read, masked or refused in time in process", () => {
    quick(() => redactText(long, [long.slice(0, 9), "a key of one's own"]));
    quick(() => redactBody({ [long]: [long] }));
    quick(() => expect(() => parseDuration(long)).toThrow("is no duration"));
    quick(() => expect(() => parseInstant(long)).toThrow("is no time"));
    quick(() => expect(() => readBody({ name: long }, { name: text(1) })).toThrow("shorter"));
    const query = new URLSearchParams({ name: long });
    quick(() => expect(() => countOf(query, "name", 1, 9)).toThrow("integer"));
    quick(() => expect(() => choiceOf(query, "name", ["a", "b"])).toThrow("one of"));
  });
});

describe.each(TEXTS.filter((_, at) => at % 7 === 2))("1 MB of %s in a request", (_part, long) => {
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
    const start = spent();
    await send(here, long);
    await here.call("GET /_emulator/requests", { key: null });
    expect(spent() - start).toBeLessThan(MOST_MS);
    expect(JSON.stringify(here.control.requests()).length).toBeLessThan(50_000);
  });
});

test.each(["x-api-key", "authorization", "idempotency-key", "content-type", "origin", "host"])(
  "1 MB in the header %s is no hindrance",
  async (name) => {
    const here = world();
    for (const part of ["a", "Bearer ", "application/json", "127.", "http://"]) {
      const start = spent();
      await here.call("POST /v1/ports", { body: {}, headers: { [name]: filled(part).trim() } });
      expect(spent() - start).toBeLessThan(MOST_MS);
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
])("a fault's path %s decides on 1 MB in time", (path, strikes) => {
  const faults = new Faults();
  faults.add({ path, status: 500 });
  expect(quick(() => faults.strike("GET", filled("a"))) !== undefined).toBe(strikes);
});

test("a pattern that is larger than any of use is refused", () => {
  expect(() => new Faults().add({ path: `^${"(a{1,30})".repeat(200)}` })).toThrow("path");
  expect(() => new Faults().add({ path: `^(((a{1,1000}){1,1000}){1,1000})` })).toThrow("path");
});
