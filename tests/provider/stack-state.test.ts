import { stackOf } from "../../domain/hidden-inputs";
import { type SavedBy, StackState } from "../../provider/run/stack-state";
import { type EndedRun, type Exported } from "../../provider/run/surroundings";

const URN = "urn:pulumi:dev::shop::proxies:Fleet$pulumi-nodejs:dynamic/proxies-sx:Port::a::b";
const STACK = "organization/shop/dev";
const exported = (deployment: object | null): string => JSON.stringify({ version: 3, deployment });

/** A state that the CLI answers for with each of these in turn, the last one again and again. */
function stateOf(...answers: Exported[]): {
  state: StackState;
  asked: string[];
  warnings: string[];
} {
  const asked: string[] = [];
  const warnings: string[] = [];
  const answer = async (stack: string): Promise<Exported> => {
    asked.push(stack);
    return answers[Math.min(asked.length, answers.length) - 1] ?? "";
  };
  return {
    state: new StackState({
      notice: (text) => warnings.push(text),
      exportStack: answer,
      sleep: async () => undefined,
    }),
    asked,
    warnings,
  };
}

it("is read once for all that ask at the same time", async () => {
  const port = { urn: URN, type: "pulumi-nodejs:dynamic/proxies-sx:Port", id: "1", modified: "2025-12-31T00:00:00Z" };
  const { state, asked, warnings } = stateOf(
    exported({
      manifest: { time: "2026-01-01T00:00:00.5Z" },
      resources: [port],
      pending_operations: [{ resource: port, type: "updating" }],
    }),
  );
  const [facts, again] = await Promise.all([state.of(STACK), state.of(STACK)]);
  expect(facts).toMatchObject({ resources: [port], pending: [{ resource: port, type: "updating" }] });
  expect(again).toBe(facts);
  const [saved, earlier] = ["2026-01-01T00:00:00.5Z", "2025-12-31T00:00:00Z"].map((iso) => Date.parse(iso));
  expect(facts?.savedBefore((saved as number) + 1)).toBe(saved);
  expect(facts?.savedBefore(saved as number)).toBe(earlier);
  expect(facts?.savedBefore(0)).toBeUndefined();
  expect(asked).toEqual([STACK]);
  expect(warnings).toEqual([]);
});

it("is asked for by the organization of the stack, where it has one", async () => {
  expect(stackOf({ urn: URN })).toBe(STACK);
  expect(stackOf({ urn: URN, owner: "acme" })).toBe("acme/shop/dev");
  expect(stackOf({})).toBeUndefined();
});

it("names a resource as the dynamic host does, whichever host wrote it", async () => {
  const type = "proxies-sx:index:ProxyFleet$proxies-sx:index:Port$proxies-sx:index:Credentials";
  const resource = { urn: `urn:pulumi:dev::shop::${type}::a::b`, type: "proxies-sx:index:Credentials" };
  const { state } = stateOf(exported({ resources: [resource], pending_operations: [{ resource, type: "creating" }] }));
  const facts = await state.of(STACK);
  const known =
    "urn:pulumi:dev::shop::proxies-sx:index:ProxyFleet$pulumi-nodejs:dynamic/proxies-sx:Port$" +
    "pulumi-nodejs:dynamic/proxies-sx:Credentials::a::b";
  expect([...(facts?.resources ?? []), ...(facts?.pending ?? []).map((one) => one.resource)]).toEqual(
    [known, known].map((urn) => ({ ...resource, urn })),
  );
});

it("of a stack that holds nothing yet, and of no stack", async () => {
  const { state, asked } = stateOf(exported(null));
  expect(await state.of(STACK)).toMatchObject({ resources: [], pending: [] });
  expect(await state.of(undefined)).toBeUndefined();
  expect(asked).toEqual([STACK]);
});

it("half a state, and a CLI that fails once, are asked again", async () => {
  const { state, asked, warnings } = stateOf('{"deploy', { why: "busy", mayPass: true }, exported({ resources: [] }));
  expect((await state.of(STACK))?.resources).toEqual([]);
  expect(asked).toHaveLength(3);
  expect(warnings).toEqual([]);
});

it.each([
  ["no CLI", { why: "pulumi is not on the PATH", mayPass: false }, 1],
  ["a refusal", { why: "no stack named 'dev' found", mayPass: true }, 4],
])("%s: one warning where the answer is needed, no answer, and no second question", async (_what, answer, tries) => {
  const { state, asked, warnings } = stateOf(answer);
  expect(await state.of(STACK, true)).toBeUndefined();
  expect(warnings).toEqual([]);
  expect(await state.of(STACK)).toBeUndefined();
  expect(await state.of(STACK)).toBeUndefined();
  expect(asked).toHaveLength(tries);
  expect(warnings).toEqual([expect.stringContaining(`organization/shop/dev cannot be read (${answer.why})`)]);
});

it("waits before it asks again, and only then", async () => {
  const slept: number[] = [];
  const answers: Exported[] = ["{", { why: "busy", mayPass: true }, exported({})];
  const state = new StackState({
    exportStack: async () => answers.shift() ?? "",
    sleep: async (ms) => void slept.push(ms),
  });
  expect((await state.of(STACK))?.resources).toEqual([]);
  expect(slept).toEqual([250, 250]);
});

it("says that half a state is no JSON, if it stays so", async () => {
  const { state, warnings } = stateOf("{");
  await state.of(STACK);
  expect(warnings).toEqual([expect.stringContaining("(it is no JSON)")]);
});

it("has no time of saving where the state has none", async () => {
  const silent = stateOf(exported({ resources: [{ urn: URN, type: "x" }] })).state;
  expect((await silent.of(STACK))?.savedBefore(9e15)).toBeUndefined();
});

describe("who saved a state last", () => {
  const SAVED = Date.parse("2026-01-01T00:00:00Z");
  const ended = (at: number, isWhole = true, followsWhole = false): EndedRun => ({
    ...{ at, began: at - 60_000, isWhole, followsWhole },
  });
  const savedBy = (last: EndedRun | undefined, { time = SAVED, began = SAVED + 60_000 } = {}) => {
    const asked: string[] = [];
    const manifest = Number.isNaN(time) ? {} : { time: new Date(time).toISOString() };
    const state = new StackState({
      exportStack: async () => exported({ manifest, resources: [] }),
      lastRun: async (stack) => (asked.push(stack), last),
      runBegan: () => began,
    });
    return { state, asked, answer: state.savedBy(STACK) };
  };

  it.each<[string, EndedRun | undefined, SavedBy]>([
    ["is not known without a history", undefined, undefined],
    ["is a run that went well", ended(SAVED), "a whole run"],
    ["is that one also where its end is in whole seconds", ended(SAVED - 1_000), "a whole run"],
    ["is a killed one, where the last that ended had ended before", ended(SAVED - 1_001), "a killed run"],
    ["is a killed one, whatever became of the one before", ended(SAVED - 1_001, false), "a killed run"],
    ["is one that failed, or left out resources, where none was whole", ended(SAVED, false), "none that was whole"],
    [
      "is such a one, from when to when, where one that went well came before",
      ended(SAVED, false, true),
      { began: SAVED - 60_000, ended: SAVED + 1_000 },
    ],
  ])("%s", async (_what, last, expected) => {
    expect(await savedBy(last).answer).toEqual(expected);
  });

  it("is not asked where this run has saved it, or nobody said when", async () => {
    for (const when of [{ began: SAVED }, { time: NaN }]) {
      const { asked, answer } = savedBy(ended(SAVED - 9_000), when);
      expect([await answer, asked]).toEqual([undefined, []]);
    }
  });

  it("is asked once for all", async () => {
    const { state, asked, answer } = savedBy(ended(SAVED));
    expect(await Promise.all([answer, state.savedBy(STACK)])).toEqual(["a whole run", "a whole run"]);
    expect(asked).toEqual([STACK]);
  });
});

describe("a state that this run has saved before it was read here", () => {
  const BEGAN = Date.parse("2026-01-01T12:00:00Z");
  const iso = (time: number): string => new Date(time).toISOString();
  const port = { urn: URN, type: "pulumi-nodejs:dynamic/proxies-sx:Port", id: "1" };
  const update = { type: "updating", resource: port };
  const create = { type: "creating", resource: { ...port, urn: `${URN}2` } };
  const removal = { type: "deleting", resource: port };
  const foreign = { type: "updating", resource: { urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::c", type: "aws" } };
  const before = exported({ manifest: { time: iso(BEGAN - 60_000) }, pending_operations: [update, create, foreign] });
  const after = exported({
    manifest: { time: iso(BEGAN + 5) },
    resources: [port],
    pending_operations: [create, removal],
  });

  /** Processes of one run, the first of which reads the first text, and so on. */
  function processes(ended?: number) {
    const words = new Map<string, string>();
    return (text: string): StackState =>
      new StackState({
        exportStack: async () => text,
        runBegan: () => BEGAN,
        lastRun: async () =>
          ended === undefined ? undefined : { at: ended, began: 0, isWhole: true, followsWhole: true },
        leaveWord: (stack, word) => words.set(stack, word),
        wordOf: (stack) => words.get(stack),
      });
  }

  it("is known as it was by what the first process left, with each operation once, and no other vendor's", async () => {
    const open = processes();
    await open(before).of(STACK);
    const facts = await open(after).of(STACK);
    expect(facts?.pending).toEqual([update, create, removal].map((one): unknown => expect.objectContaining(one)));
    expect(facts?.resources).toEqual([expect.objectContaining(port)]);
    expect(facts?.saved).toBe(BEGAN - 60_000);
  });

  it("is what it is where nothing was open, for another stack, and where another run has ended since", async () => {
    const nothing = processes();
    await nothing(exported({ manifest: { time: iso(BEGAN - 60_000) } })).of(STACK);
    const another = processes();
    await another(before).of("organization/shop/prod");
    const later = processes(Date.now() + 60_000);
    await later(before).of(STACK);
    for (const open of [nothing, another, later]) {
      const facts = await open(after).of(STACK);
      expect(facts?.pending).toEqual([create, removal].map((one): unknown => expect.objectContaining(one)));
      expect(facts?.saved).toBe(BEGAN + 5);
    }
  });

  it("is what it is where one that ended before the first reading is the last", async () => {
    const open = processes(BEGAN - 90_000);
    await open(before).of(STACK);
    expect((await open(after).of(STACK))?.pending).toHaveLength(3);
  });
});
