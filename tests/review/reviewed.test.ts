import { type SettingKind, typeOf } from "../../domain/kinds";
import { UNKNOWN } from "../../domain/unknown";
import { type Reviewed } from "../../review/limit-rules";
import { LATER, type PortChange } from "../../review/ports";
import { type Preview, type PreviewState, type PreviewStep } from "../../review/preview";
import { reviewedOf } from "../../review/reviewed";
import { type SlotPlan } from "../../review/slots";
import { DE, NO_COST, port, slotPlan } from "./made-plans";

const PORT = port("keep", { urn: "urn:p", name: "p" });

interface Told extends Partial<Omit<PreviewStep, "new">> {
  inputs?: object;
  /** URNs that a property's value comes from. */
  from?: PreviewState["propertyDependencies"];
}

/** A step of settings of the port "urn:p", where nothing else is said. */
function step(kind: SettingKind, { inputs, from = { port: ["urn:p"] }, ...more }: Told = {}): PreviewStep {
  const state = { inputs, outputs: {}, propertyDependencies: from } as unknown as PreviewState;
  return {
    ...{ urn: "urn:s", name: "s", type: typeOf(kind), op: "create", replaceReasons: [], isLeftover: false },
    ...(inputs && { new: state }),
    ...more,
  };
}

interface Rest {
  ports?: PortChange[];
  secretConfig?: string[];
  slots?: SlotPlan[];
}

function reviewed(steps: PreviewStep[], { ports = [PORT], secretConfig = [], slots = [] }: Rest = {}) {
  const preview = { stack: "dev", steps, secretConfig } as unknown as Preview;
  const traffic = [
    { slotType: "shared" as const, leftGB: { value: 60 }, perDayGB: { value: 1 }, endsAt: { value: 1 } },
  ];
  const cost = { ...NO_COST, currency: "EUR", known: { value: 12 } };
  return reviewedOf(preview, ports, { slots, traffic, cost });
}

describe("a port rotates by settings", () => {
  const rotates = (...steps: PreviewStep[]): boolean | undefined => reviewed(steps).ports[0]?.rotates;

  it.each(["create", "update", "same"] as const)("that it has after the run: %s", (op) => {
    expect(rotates(step("RotationSettings", { op, inputs: { port: "x" } }))).toBe(true);
    expect(rotates(step("RotationSettings", { op, inputs: { enabled: true } }))).toBe(true);
  });

  it.each<[string, PreviewStep[]]>([
    ["none", []],
    ["that are off", [step("RotationSettings", { inputs: { enabled: false } })]],
    ["of another port", [step("RotationSettings", { inputs: {}, from: { port: ["urn:other"] } })]],
    ["of no port that the run knows", [step("RotationSettings", { inputs: {}, from: {} })]],
    ["that are only read", [step("RotationSettings", { op: "read", inputs: {} })]],
    ["that go", [step("RotationSettings", { op: "delete" }), step("RotationSettings", { op: "delete", inputs: {} })]],
    ["of another kind", [step("OsFingerprint", { inputs: { osFingerprint: "ios:1" } })]],
  ])("not by settings %s", (_what, steps) => expect(rotates(...steps)).toBe(false));
});

describe("a port presents a fingerprint", () => {
  const isMarked = (after: object, ...steps: PreviewStep[]): boolean | undefined =>
    reviewed(steps, { ports: [{ ...PORT, after: { ...DE, ...after } }] }).ports[0]?.hasFingerprint;

  it.each<[boolean, string, object, PreviewStep[]]>([
    [true, "its own", { osFingerprint: "ios:1" }, []],
    [true, "one that it is given", {}, [step("OsFingerprint", { inputs: { osFingerprint: "ios:1" } })]],
    [false, "none", {}, []],
    [false, "an empty one", {}, [step("OsFingerprint", { inputs: { osFingerprint: "" } })]],
    [false, "by rotation", {}, [step("RotationSettings", { inputs: {} })]],
  ])("%s: %s", (expected, _what, after, steps) => expect(isMarked(after, ...steps)).toBe(expected));
});

describe("a password comes from", () => {
  const password = (shown: unknown, from: string[], secretConfig: string[] = []): string | undefined =>
    reviewed([step("Credentials", { inputs: { proxyPassword: shown }, from: { proxyPassword: from } })], {
      secretConfig,
    }).logins[0]?.password;

  it.each<[Reviewed["logins"][number]["password"], string, unknown, string[], string[]]>([
    ["resource", "a secret that a resource made", "[secret]", ["urn:random"], []],
    ["resource", "one that is made by the run", UNKNOWN, ["urn:random"], []],
    ["resource or settings", "a secret where the stack has some", "[secret]", [], ["shop:password"]],
    ["code", "a secret where the stack has none but the key", "[secret]", [], ["proxies-sx:apiKey"]],
    ["code", "a secret where the stack has none", "[secret]", [], []],
    ["code", "a text that the preview shows, whatever else there is", "hunter2", ["urn:random"], ["shop:password"]],
  ])("%s: %s", (expected, _what, shown, from, settings) => {
    expect(password(shown, from, settings)).toBe(expected);
  });

  it("one that no property says counts as code", () => {
    const { logins } = reviewed([step("Credentials", { inputs: {}, from: {} })]);
    expect(logins).toEqual([{ urn: "urn:s", name: "s", password: "code" }]);
  });

  it("no login that goes, is only read or is another kind", () => {
    const steps = [
      step("Credentials", { op: "delete" }),
      step("Credentials", { op: "read", inputs: {} }),
      step("OsFingerprint", { inputs: {} }),
    ];
    expect(reviewed(steps).logins).toEqual([]);
  });
});

describe("a port after the run", () => {
  const known = { carrier: "O2", leaseSeconds: 60, protect: true };

  it("has what is asked for; any carrier is an empty one", () => {
    const ports = [
      { ...PORT, after: { ...DE, ...known } },
      { ...PORT, name: "q", after: DE },
      port("release", { after: undefined }),
    ];
    const rest = { urn: "urn:p", hasFingerprint: false, rotates: false };
    expect(reviewed([], { ports }).ports).toEqual([
      { ...rest, ...known, name: "p", country: "DE" },
      { ...rest, name: "q", country: "DE", carrier: "", protect: false },
    ]);
  });

  it("lacks what is known only when the program runs", () => {
    const [one] = reviewed([], { ports: [{ ...PORT, after: { ...DE, country: LATER, carrier: LATER } }] }).ports;
    expect(Object.keys(one ?? {})).toEqual(["urn", "name", "hasFingerprint", "rotates", "protect"]);
  });
});

describe("the account after the run", () => {
  it("has the slots that stay free: those of old ports count, and types that no port takes do not", () => {
    const retiring = { before: 0, after: 2 };
    const slots = [slotPlan({ freeAfter: { value: 1 }, retiring }), slotPlan({ slotType: "private" })];
    expect(reviewed([], { slots }).account).toEqual({
      freeSlots: { shared: { value: 3 } },
      trafficGB: { shared: { value: 60 } },
      monthlyCost: { value: 12 },
      currency: "EUR",
    });
  });

  it("is said where it is not known", () => {
    const freeAfter = { unknown: "no key" };
    expect(reviewed([], { slots: [slotPlan({ freeAfter })] }).account.freeSlots).toEqual({ shared: freeAfter });
  });
});
