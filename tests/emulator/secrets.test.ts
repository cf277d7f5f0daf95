import fc from "fast-check";
import { redactBody, redactText } from "../../emulator/control/redaction";
import { DAY, GERMANY, type World, world } from "./harness";

const KEY = "psx_canary_0123456789";

test("neither log nor state shows a key, a password or a token", async () => {
  const here = world();
  const port = await here.buy();
  const key = here.control.keys.addKey();
  const wrong = "psx_canary_wrong_key";
  const { body } = await here.call("POST /v1/login/signin", {
    body: { email: "user@example.com", password: "emulator-password" },
    key: null,
  });
  const session = body["access_token"] as string;
  await here.call(`PUT /v1/ports/${port._id}/credentials`, {
    body: { proxyLogin: "me", proxyPassword: "canary-pass" },
  });
  await here.call(`PATCH /v1/ports/${port._id}/credentials`, {
    body: { nested: [{ password: "canary-nested", tokens: ["canary-list"], apiKey: 20251217 }] },
  });
  await here.call(`GET /v1/rotate/${port.rotationToken}`, { key: null });
  await here.call("GET /rotate/canary-token", { key: null });
  await here.call("GET /v1/ports?sessionToken=canary-query&page=1", { key });
  await here.call("GET /v1/ports", { key: wrong });
  await here.call(`GET /v1/ports/${wrong}`, { key });
  await here.call("GET /v1/ports", { key: null, headers: { Authorization: `Bearer ${session}` } });

  const secrets = [
    here.apiKey,
    key,
    wrong,
    session,
    port.rotationToken,
    port.proxyPassword,
    "canary",
    "20251217",
    "emulator-password",
  ];
  for (const text of await shownBy(here)) for (const secret of secrets) expect(text).not.toContain(secret);

  expect(here.control.requests()).toHaveLength(10);
  expect(here.control.requests()[6]).toMatchObject({ query: { sessionToken: "[secret]", page: "1" } });
  const all = JSON.stringify((await here.call("GET /_emulator/state?secrets=1")).body);
  for (const secret of [key, "canary-pass", port.rotationToken]) expect(all).toContain(secret);
});

const everyByte = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** Ways to write a text into a URL. */
const ENCODINGS: [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["its first letter encoded", (text) => everyByte(text.slice(0, 1)) + text.slice(1)],
  ["each letter encoded", everyByte],
  ["in capitals", (text) => everyByte(text).toUpperCase()],
  ["twice", (text) => everyByte(everyByte(text))],
  ["thrice, partly", (text) => encodeURIComponent(encodeURIComponent(everyByte(text.slice(0, 3)))) + text.slice(3)],
  ["behind what is no encoding", (text) => `%zz%${everyByte(text)}`],
];

describe.each(ENCODINGS)("a key that is written %s", (_how, encode) => {
  test("in a path, a query's name or value, or a page that is not there is not in the log", async () => {
    const here = world();
    const key = encode(KEY);
    await here.call(`GET /v1/ports/${key}`);
    await here.call(`GET /v1/ports?cursor=${key}&page=1`);
    await here.call(`GET /v1/ports?${key}=1`);
    await here.call(`GET /v1/${key}/nowhere`);
    await here.call(`POST /rotate/${key}`);
    expect(here.control.requests()).toHaveLength(5);
    for (const text of await shownBy(here)) expect(text).not.toMatch(/canary/i);
  });
});

test("a key in Idempotency-Key is neither in the log nor in the ledger, and still distinguishes orders", async () => {
  const here = world();
  here.control.setQuirks({ idempotency: true });
  const order = (key: string) =>
    here.call("POST /v1/ports", { body: { countryId: GERMANY, expiresAt: DAY }, headers: { "Idempotency-Key": key } });
  const [one, other, again] = [await order(KEY), await order(`${KEY}9`), await order(KEY)];
  expect(other.body["_id"]).not.toBe(one.body["_id"]);
  expect(again.body["_id"]).toBe(one.body["_id"]);
  for (const text of await shownBy(here)) expect(text).not.toMatch(/canary/i);
});

test("the key that a call is made with is masked wherever else it stands, in whatever form", async () => {
  const here = world();
  const key = "a key of another vendor";
  const forms = [key, Buffer.from(key).toString("base64"), Buffer.from(key).toString("hex")];
  for (const form of forms) {
    await here.call(`GET /v1/ports/${encodeURIComponent(form)}?note=${encodeURIComponent(form)}`, { key });
    await here.call("POST /v1/login/signin", { key, body: { email: form, password: "x", [form]: form, list: [form] } });
  }
  for (const text of await shownBy(here))
    for (const form of [...forms, encodeURIComponent(key)]) expect(text).not.toContain(form);
});

test("a key as the name of a field, in a list or deep in a body is masked", async () => {
  const here = world();
  await here.call("POST /v1/login/signin", {
    key: null,
    body: { email: "a", password: "b", [KEY]: [[KEY], { x: KEY }] },
  });
  for (const text of await shownBy(here)) expect(text).not.toContain("canary");
});

test("no redaction fails, whatever it is given, and none lets a key through", () => {
  const around = fc.string({ unit: fc.constantFrom("%", "2", "5", "a", "/", "&", "=", "é", "\u202e", " ") });
  fc.assert(
    fc.property(around, around, fc.jsonValue(), fc.constantFrom(...ENCODINGS), (before, after, value, [, encode]) => {
      expect(redactText(`${before}/${encode(KEY)}${after}`)).not.toMatch(/canary/i);
      expect(JSON.stringify(redactBody({ value, [`${before}${KEY}`]: [value, KEY] }))).not.toContain("canary");
    }),
  );
  expect(redactText("/v1/ports/100%25/x%20y")).toBe("/v1/ports/100%25/x%20y"); // what holds none stays as it was sent
});

/** All that the emulator shows without a token. */
async function shownBy(here: World): Promise<string[]> {
  const views = ["state", "ports", "requests", "purchases", "fleet", "faults"];
  const answers = await Promise.all(views.map((name) => here.call(`GET /_emulator/${name}`, { key: null })));
  const { control } = here;
  const all = [
    control.requests(),
    control.state(),
    control.purchases(),
    control.fleet(),
    ...answers.map(({ body }) => body),
  ];
  return all.map((value) => JSON.stringify(value));
}
