import { PORT_TYPE, typeOf } from "../../domain/kinds";
import { UNKNOWN } from "../../domain/unknown";
import { Redactor } from "../../text";
import { accountOf, isElsewhere, LATER, type PortChange, portChanges, tellsRetiring } from "../../review/ports";
import { type Preview, type PreviewState, type PreviewStep } from "../../review/preview";
import { renewalReason, renewalsDue } from "../../review/renewals";
import { DE, port } from "./made-plans";

const NOW = Date.parse("2026-03-28T12:00:00Z");
const DAY = 86_400_000;
const iso = (days: number): string => new Date(NOW + days * DAY).toISOString();
const urnOf = (name: string, type = PORT_TYPE): string => `urn:pulumi:dev::shop::${type}::${name}`;

type Values = Record<string, unknown>;
const ASKED = { country: "DE", expiresIn: "30d", slotType: "shared" };
const RUNNING = { ...ASKED, portId: "now", status: "active", createdAt: iso(-1), expiresAt: iso(29) };
const state = (inputs: Values, outputs: Values, more: Partial<PreviewState> = {}): PreviewState => ({
  ...{ urn: urnOf("a"), inputs, outputs, external: false, protect: false, retainOnDelete: false },
  ...{ propertyDependencies: {}, ...more },
});

interface Told extends Partial<PreviewStep> {
  /** Inputs after the run, and before it, besides those of every port here. */
  inputs?: Values;
  before?: Values;
  outputs?: Values;
}

function step({ inputs = {}, before = inputs, outputs = {}, ...more }: Told = {}): PreviewStep {
  const old = state({ ...ASKED, ...before }, { ...RUNNING, ...before, ...outputs }, { id: "first" });
  return {
    ...{ urn: urnOf("a"), name: "a", type: PORT_TYPE, op: "same", replaceReasons: [], isLeftover: false },
    ...{ old, new: state({ ...ASKED, ...inputs }, {}, { id: "first" }) },
    ...more,
  };
}
const created = (inputs: Values = {}, more: Told = {}): PreviewStep => ({
  ...step({ op: "create", inputs, ...more }),
  ...{ old: undefined, new: state({ ...ASKED, ...inputs }, {}) },
});

const preview = (steps: PreviewStep[]) => ({ steps, redactor: new Redactor(["hunter2"]) }) as unknown as Preview;
const changes = (steps: PreviewStep[], live?: string[]): PortChange[] =>
  portChanges(preview(steps), { countries: [], now: NOW, ...(live && { live: new Set(live) }) });
const change = (one: PreviewStep, live?: string[]): Partial<PortChange> => changes([one], live)[0] ?? {};

describe("what a run does to a port", () => {
  it.each<[PortChange["does"], PreviewStep]>([
    ["buy", created()],
    ["adopt", created({ __adopt: "p9" })],
    ["keep", step()],
    ["replace", step({ op: "replace" })],
    ["release", step({ op: "delete", new: undefined })],
    ["leave", step({ op: "delete", new: undefined, old: state(ASKED, RUNNING, { retainOnDelete: true }) })],
    ["change", step({ op: "update", inputs: { expiresIn: "7d" }, before: {} })],
    ["move", step({ op: "update", inputs: { country: "PL" }, before: {} })],
  ])("%s", (does, one) => {
    expect(change(one)).toMatchObject({ name: "a", urn: urnOf("a"), does });
    expect(change(one)).not.toHaveProperty("formerName");
  });

  it.each<[string, PreviewStep]>([
    ["read", step({ op: "read" })],
    ["of another kind", step({ type: typeOf("RotationSettings") })],
    ["that another program manages", step({ new: state(ASKED, {}, { external: true }) })],
    ["that another program manages, and is left", step({ new: undefined, old: state(ASKED, {}, { external: true }) })],
    ["that the engine does something else with", step({ op: "other" })],
  ])("nothing to one %s", (_what, one) => expect(changes([one])).toEqual([]));

  it("which had another name before, without secrets of it", () => {
    const renamed = (name: string) => change(step({ old: state(ASKED, RUNNING, { urn: urnOf(name) }) })).formerName;
    expect([renamed("b"), renamed("hunter2"), renamed("a")]).toEqual(["b", "[secret]", undefined]);
  });
});

describe("why", () => {
  const why = (...replaceReasons: string[]) => change(step({ op: "replace", replaceReasons })).why;
  const asked = "asked for: taint, --target-replace or an option";

  it("a port is replaced", () => {
    expect(why()).toEqual([asked]);
    expect(why("slotType", "country")).toEqual(["slot type", "country"]);
    expect(why("hunter2")).toEqual(["[secret]"]);
  });

  it("with how many old ports it is rid of", () => {
    const outputs = { retiring: [{ portId: "o1" }, { portId: "o2" }] };
    expect(change(step({ op: "replace", outputs }))).toMatchObject({
      ...{ why: [asked, "2 old ports to release"], releases: ["o1", "o2"] },
    });
    expect(change(step({ op: "replace", outputs }), ["o2"])).toMatchObject({
      ...{ why: [asked, "1 old port to release", "1 old port gone already"], releases: ["o2"] },
    });
  });

  it("one goes that an earlier replacement left", () => {
    const left = { op: "delete", isLeftover: true, new: undefined } as const;
    expect(change(step({ ...left })).why).toEqual(["left over from an earlier replacement"]);
  });
});

it("old ports of another account may be there, whatever this one's list says", () => {
  const outputs = { retiring: [{ portId: "o1" }] };
  const provider = "urn:pulumi:dev::shop::pulumi:providers:proxies-sx::second::1";
  const told = (more: Partial<PreviewState>) =>
    change(step({ op: "replace", new: state(ASKED, {}, more), outputs }), []).retiring;
  expect(told({ provider })).toMatchObject([{ portId: "o1" }]);
  expect(told({})).toEqual([]);
});

it("inputs that change in place are shown with what they were; those of other steps are not", () => {
  const inputs = { expiresIn: "7d", carrier: "", cityId: UNKNOWN, overlap: 60, regionId: "hunter2" };
  const before = { expiresIn: "30d", carrier: "O2", renewBefore: "1d" };
  expect(change(step({ op: "update", inputs, before })).inputs?.sort()).toEqual([
    "carrier O2 → none",
    `cityId none → ${LATER}`,
    "expiresIn 30d → 7d",
    "overlap none → 60",
    "regionId none → [secret]",
    "renewBefore 1d → none",
  ]);
  expect(change(step({ op: "replace", inputs, before })).inputs).toEqual([]);
  const imported = state(ASKED, {}, { id: "first" });
  expect(change(step({ op: "update", inputs: { expiresIn: "7d" }, old: imported })).inputs).toEqual([
    "expiresIn 30d → 7d",
  ]);
});

describe("the port before the run", () => {
  const before = (inputs: Values = {}, outputs: Values = {}) => change(step({ inputs, outputs })).before;

  it("is as the vendor reports it", () => {
    expect(before({ country: "Germany" }, { countryCode: "PL", carrierBrand: "O2" })).toEqual({
      ...{ id: "first", portId: "now", createdAt: NOW - DAY, country: "PL", carrier: "O2", slotType: "shared" },
      ...{ leaseSeconds: 30 * 86_400, protect: false },
    });
  });

  it("is as it was asked for, where the vendor reports less; what is not known is left out", () => {
    const inputs = { carrier: "EE", cityId: "c", regionId: "r", osFingerprint: "ios:1", slotType: "private" };
    expect(before(inputs, { carrierBrand: "O2" })).toMatchObject({ ...inputs, country: "DE" });
    expect(before({ carrier: "" }, { carrierBrand: "O2" })).toMatchObject({ carrier: "O2" });
    const bare = state({}, {}, { id: "first" });
    expect(change(step({ old: bare })).before).toEqual({
      ...{ id: "first", portId: "first", country: LATER, slotType: "shared", protect: false },
    });
  });

  it("is known by its first id, where a state has no other", () => {
    expect(before({}, { portId: undefined })).toMatchObject({ portId: "first" });
    expect(before({}, { portId: 5 })).toMatchObject({ portId: "first" });
  });
});

describe("the port after the run", () => {
  it("keeps the vendor's port, unless the run buys one", () => {
    const ids = (one: PreviewStep) => [change(one).after?.id, change(one).after?.portId];
    expect(ids(step())).toEqual(["first", "now"]);
    expect(ids(step({ op: "update", inputs: { country: "PL" }, before: {} }))).toEqual(["first", "now"]);
    expect(ids(step({ op: "update", outputs: { status: "expired" } }))).toEqual(["first", undefined]);
    expect(ids(step({ op: "replace" }))).toEqual([undefined, undefined]);
    expect(ids(created())).toEqual([undefined, undefined]);
    expect(change(step({ op: "delete" })).after).toBeUndefined();
  });

  it("has what the vendor reports of a port that stays, and else what is asked for", () => {
    const outputs = { countryCode: "PL" };
    expect(change(step({ outputs })).after?.country).toBe("PL");
    expect(change(step({ op: "update", outputs })).after?.country).toBe("PL");
    expect(change(step({ op: "update", outputs, inputs: { country: "GB" }, before: {} })).after?.country).toBe("GB");
    expect(change(created({ country: "Germany", carrier: "hunter2" })).after).toEqual({
      ...{ country: "DE", carrier: "[secret]", slotType: "shared", leaseSeconds: 30 * 86_400, protect: false },
      renewAt: NOW + 27 * DAY,
    });
    expect(change(created({ country: UNKNOWN, slotType: UNKNOWN })).after).toMatchObject({
      ...{ country: LATER, slotType: LATER },
    });
  });

  it.each<[string, PreviewStep, number | undefined]>([
    ["by the lease that it buys", created({ renewBefore: "10d" }), NOW + 20 * DAY],
    ["by the lease of a replacement", step({ op: "replace" }), NOW + 27 * DAY],
    ["by the lease of a renewal", step({ op: "update", outputs: { status: "expired" } }), NOW + 27 * DAY],
    ["by the lease that runs", step({ op: "update", inputs: { expiresIn: "60d" }, before: {} }), NOW + 26 * DAY],
    ["at no time that is known: adopted", created({ __adopt: "p9" }), undefined],
    ["at no time that is known: the length comes later", step({ inputs: { expiresIn: UNKNOWN } }), undefined],
    ["at no time that is known: renewBefore comes later", step({ inputs: { renewBefore: UNKNOWN } }), undefined],
    ["at no time that is known: it is bought for nonsense", created({ expiresIn: "soon" }), undefined],
    ["at no time that is known: its end", step({ outputs: { expiresAt: undefined } }), undefined],
    [
      "never: it is kept after its end",
      step({ inputs: { onExpired: "keep" }, outputs: { expiresAt: iso(0) } }),
      undefined,
    ],
    ["since before this run, where it is over", step({ outputs: { expiresAt: iso(0) } }), NOW - DAY / 10],
    ["as long as it runs, though it is kept then", step({ inputs: { onExpired: "keep" } }), NOW + 26 * DAY],
  ])("is due %s", (_what, one, renewAt) => expect(change(one).after?.renewAt).toBe(renewAt));
});

it("an overlap of old ports ends with the state's own word; without a port there is none", () => {
  const renew = (overlap: unknown, portId: unknown = "now") =>
    change(step({ op: "update", inputs: { overlap }, outputs: { portId, createdAt: iso(-29), expiresAt: iso(1) } }));
  expect(renew("6h")).toMatchObject({ does: "renew", retires: { portId: "now", releaseAt: NOW + DAY / 4 } });
  expect(renew("2d")).toMatchObject({ retires: { releaseAt: NOW + DAY } });
  expect(renew(0)).not.toHaveProperty("retires");
});

describe("a place is another one", () => {
  it.each<[boolean, object, object]>([
    [false, {}, {}],
    [true, {}, { country: "PL" }],
    [false, { carrier: "Telefónica" }, { carrier: "telefonica" }],
    [true, { carrier: "O2" }, { carrier: "EE" }],
    [true, {}, { carrier: "EE" }],
    [false, { carrier: "O2", cityId: "a", regionId: "b" }, {}],
    [false, { cityId: "a" }, { cityId: "a" }],
    [true, { cityId: "a" }, { cityId: "b" }],
    [true, {}, { regionId: "b" }],
  ])("%s: %j, then %j", (expected, before, after) => {
    expect(isElsewhere({ ...DE, ...before }, { ...DE, ...after })).toBe(expected);
  });
});

it.each<[string | undefined, string | undefined]>([
  ["urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::second::1", "second"],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::second::1", "second"],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::hunter2::1", "[secret]"],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::my-default::1", "my-default"],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::default-eu::1", "default-eu"],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::default::1", undefined],
  ["urn:pulumi:dev::shop::pulumi:providers:proxies-sx::default_1_2_3::1", undefined],
  ["urn:pulumi:dev::shop::pulumi:providers:random::second::1", undefined],
  ["no URN", undefined],
  [undefined, undefined],
])("the provider %s is the account %s", (provider, account) => {
  expect(accountOf(state({}, {}, { provider }), new Redactor(["hunter2"])).account).toBe(account);
});

it("a preview shows old ports where one port that it manages has some", () => {
  const retiring = { retiring: [{ portId: "o1" }] };
  expect(tellsRetiring(preview([step(), step({ outputs: retiring })]))).toBe(true);
  expect(tellsRetiring(preview([step()]))).toBe(false);
  expect(tellsRetiring(preview([created()]))).toBe(false);
  expect(tellsRetiring(preview([step({ type: typeOf("X402Lease"), outputs: retiring })]))).toBe(false);
});

describe("renewals of the next days", () => {
  const due = (name: string, renewAt: number, does: PortChange["does"] = "keep") =>
    port(does, { name, after: { ...DE, renewAt } });

  it("are those of seven days, the soonest first", () => {
    const all = [
      due("late", NOW + 7 * DAY + 1),
      due("b10", NOW + 7 * DAY),
      due("b2", NOW + 7 * DAY),
      due("a", NOW - 1),
    ];
    const rest = [port("keep"), port("release", { after: undefined })];
    expect(renewalsDue([...all, ...rest], NOW).map(({ port: name }) => name)).toEqual(["a", "b2", "b10"]);
  });

  it.each<[PortChange["does"], boolean]>([
    ["buy", true],
    ["replace", true],
    ["renew", true],
    ["keep", false],
    ["adopt", false],
    ["change", false],
  ])("are of a lease that this run buys: %s %s", (does, isNew) => {
    expect(renewalsDue([due("a", NOW, does)], NOW)).toEqual([{ port: "a", at: NOW, isNew }]);
  });
});

describe("an update renews no port", () => {
  const over = { ...RUNNING, expiresAt: iso(-1) };

  it.each(["expiresIn", "renewBefore", "onExpired", "overlap"])("while its %s is not known yet", (name) => {
    expect(renewalReason(over, ASKED, NOW)).toBe("expired");
    expect(renewalReason(over, { ...ASKED, [name]: UNKNOWN }, NOW)).toBeUndefined();
  });

  it("whose end is an error, or is left as it is", () => {
    for (const onExpired of ["fail", "keep"]) expect(renewalReason(over, { ...ASKED, onExpired }, NOW)).toBeUndefined();
  });

  it("by a status that is no text", () => {
    expect(renewalReason({ ...RUNNING, status: ["renewing"] }, ASKED, NOW)).toBeUndefined();
  });
});
