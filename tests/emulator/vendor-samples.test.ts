import { type Quirks } from "../../emulator";
import { ROUTES } from "../../emulator/routes";
import { type Reply, world } from "./harness";
import { SAMPLES } from "./vendor-samples";
import { BODIES } from "./vendor-samples/bodies";
import { AS_THE_PAGE, type Sample } from "./vendor-samples/sample";
import { differences } from "./vendor-samples/shape";

/**
 * Every sample of the vendor's page against the emulator's answer. Where the emulator differs the table says why:
 * `besides`, what it answers for the vendor's own client too, and `differs`, what no quirk of it takes back.
 */
async function asked(sample: Sample, quirks: Partial<Quirks> = {}): Promise<Reply<unknown>> {
  const here = world({ config: sample.config });
  here.control.setQuirks(quirks);
  const { path, body, headers } = await sample.make(here);
  const key = sample.scope === "public" ? null : here.control.keys.addKey([sample.scope]);
  const [verb] = sample.endpoint.split(" ");
  return here.call(`${verb} /v1${path}`, { body, key, headers });
}

const named = SAMPLES.map((sample) => [[sample.endpoint, sample.of].filter(Boolean).join(", "), sample] as const);
const lines = (all: { path: string; says: string }[]): string[] => all.map(({ path, says }) => `${path} ${says}`);
const each = (values: Record<string, unknown[]>) =>
  Object.entries(values).flatMap(([field, all]) => all.map((value) => [field, value] as const));
const words = (text = ""): string[] => text.split(" ").filter(Boolean);

describe.each(named)("%s", (_name, sample) => {
  const { answer, status = 200, besides = {}, differs = {} } = sample;

  test("is answered with the page's scope alone", async () => {
    expect((await asked(sample)).status).toBe(status);
  });
  if (!answer) return;

  test("as the page has it: these fields, of these types, and no others", async () => {
    const found = differences((await asked(sample, AS_THE_PAGE)).body, answer);
    expect(lines(found.filter(({ path }) => !Object.hasOwn(differs, path)))).toEqual([]);
    expect(found.map(({ path }) => path).sort()).toEqual(Object.keys(differs).sort());
  });

  test("by default: these fields too, and those of other sources that the table names", async () => {
    const found = differences((await asked(sample)).body, answer);
    expect(lines(found.filter(({ is }) => is !== "additional"))).toEqual([]);
    const expected = [...words(besides.M), ...words(besides.S), ...Object.keys(differs)];
    expect(found.map(({ path }) => path).sort()).toEqual(expected.sort());
  });
});

test("each endpoint of the page is a route of the emulator", () => {
  const routes = ROUTES.map(({ verb, path }) => `${verb} ${path}`);
  for (const { endpoint } of SAMPLES) expect(routes).toContain(endpoint);
});

describe.each(Object.entries(BODIES))("the body of %s", (endpoint, { required, optional, right = {}, wrong }) => {
  const send = async (body: object) => {
    const here = world();
    here.control.setQuirks({ strictBody: true });
    const path = endpoint.includes(":id") ? endpoint.replace(":id", (await here.buy())._id) : endpoint;
    return (await here.call(path.replace(" ", " /v1"), { body })).status;
  };
  const whole = { ...required, ...optional };
  const good = endpoint === "POST /ports" ? 201 : 200;

  test("is taken whole, and no field that the page does not have", async () => {
    expect(await send(whole)).toBe(good);
    expect(await send({ ...whole, surplus: 1 })).toBe(400);
  });

  test("is taken without what is optional, and not without what is required", async () => {
    expect(await send(Object.keys(required).length > 0 ? required : whole)).toBe(good);
    for (const field of Object.keys(required))
      expect([field, await send({ ...whole, [field]: undefined })]).toEqual([field, 400]);
  });

  test("is judged by the values of each field", async () => {
    for (const [field, value] of each(right))
      expect([field, value, await send({ ...whole, [field]: value })]).toEqual([field, value, good]);
    for (const [field, value] of each(wrong))
      expect([field, value, await send({ ...whole, [field]: value })]).toEqual([field, value, 400]);
  });
});
