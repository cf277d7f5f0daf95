import { Redactor } from "../../text";
import { PORT_TYPE, type SettingKind, typeOf } from "../../domain/kinds";
import { UNKNOWN } from "../../domain/unknown";
import { type PortChange } from "../../review/ports";
import { type Preview, type PreviewState, type PreviewStep } from "../../review/preview";
import { portOf, type SettingChange, settingChanges } from "../../review/settings";

const urn = (type: string, name: string): string => `urn:pulumi:dev::shop::${type}::${name}`;
const PORT = urn(PORT_TYPE, "p");

const state = (inputs: object, more: Partial<PreviewState> = {}): PreviewState =>
  ({
    urn: urn(typeOf("OsFingerprint"), "s"),
    inputs: { port: "p1", ...inputs },
    outputs: {},
    propertyDependencies: { port: [PORT] },
    ...more,
  }) as PreviewState;

/** What is shown of settings of the port "p", to which the run does something, or which it does not name. */
function told(
  step: Partial<PreviewStep>,
  does?: PortChange["does"],
  kind: SettingKind = "OsFingerprint",
  before: { id?: string; portId?: string } = { id: "p1", portId: "p1" },
): SettingChange[] {
  const whole = { name: "s", type: typeOf(kind), replaceReasons: [], isLeftover: false, ...step };
  const port = { urn: PORT, name: "p", does, before };
  const preview = { steps: [whole], redactor: new Redactor(["hunter2"]) };
  return settingChanges(preview as unknown as Preview, (does ? [port] : []) as PortChange[]);
}
const [old, next] = [state({ osFingerprint: "ios:1" }), state({ osFingerprint: "ios:2" })];
const CHANGE = { kind: "OsFingerprint", name: "s", port: "p" };

describe("settings that are made", () => {
  it("come with a port that is bought, and are shown on any other", () => {
    expect(told({ op: "create", new: next }, "buy")).toEqual([]);
    expect(told({ op: "create", new: next }, "keep")).toEqual([
      { ...CHANGE, does: "set", what: ["osFingerprint ios:2"] },
    ]);
  });

  it("name by its id, without secrets, a port that the run does not name", () => {
    expect(told({ op: "create", new: state({ port: "hunter2" }) })).toMatchObject([{ port: "[secret]" }]);
    expect(told({ op: "create", new: state({ port: UNKNOWN }) })).toMatchObject([{ port: "(known later)" }]);
  });
});

describe("settings belong to the port", () => {
  const port = (name: string, before?: object) => ({ urn: urn(PORT_TYPE, name), name, before });
  const ports = [port("new"), port("renewed", { id: "first", portId: "now" }), port("p", { id: "p1", portId: "p1" })];
  const of = (inputs: object, from: string[]): string | undefined => {
    const propertyDependencies: Record<string, string[]> = from.length > 0 ? { port: from } : {};
    return portOf(state(inputs, { propertyDependencies }), ports as Parameters<typeof portOf>[1])?.urn;
  };

  it.each<[string, string | undefined, object, string[]]>([
    ["that they come from, whatever id they name", "p", { port: "now" }, [PORT]],
    ["of the id that Pulumi has for it", "renewed", { port: "first" }, []],
    ["of the vendor's id that serves now", "renewed", { port: "now" }, []],
    ["of no resource: another id", undefined, { port: "p2" }, []],
    ["of no resource: none", undefined, { port: undefined }, []],
    ["of no resource: not known yet", undefined, { port: UNKNOWN }, []],
  ])("%s: %s", (_what, name, inputs, from) => {
    expect(of(inputs, from)).toBe(name && urn(PORT_TYPE, name));
  });

  it("of none where there are no settings", () => expect(portOf(undefined, ports)).toBeUndefined());
});

describe("a value of settings", () => {
  const what = (from: unknown, to: unknown): string[] | undefined =>
    told({ op: "update", old: state({ enabled: from }), new: state({ enabled: to }) }, "keep", "RotationSettings")[0]
      ?.what;

  it.each<[unknown, unknown, string[]]>([
    [undefined, true, ["enabled none → true"]],
    [null, 5, ["enabled none → 5"]],
    ["a", "", ["enabled a → none"]],
    [["a"], UNKNOWN, ['enabled ["a"] → (known later)']],
    ["a", "hunter2", ["enabled a → [secret]"]],
    [null, "", []],
    ["a", "a", []],
  ])("that was %j and is %j", (from, to, words) => expect(what(from, to)).toEqual(words));
});

describe("settings that are replaced", () => {
  const replaced = (...replaceReasons: string[]): SettingChange[] =>
    told({ op: "replace", old, new: next, replaceReasons }, "replace");

  it("with their port are none of a person's decision", () => expect(replaced("port")).toEqual([]));

  it("for another reason too are shown", () => {
    const change = [{ ...CHANGE, does: "change", what: ["osFingerprint ios:1 → ios:2", "another port"] }];
    expect([replaced("port", "osFingerprint"), replaced("osFingerprint")]).toEqual([change, change]);
    expect(told({ op: "replace", old, new: next, replaceReasons: ["port"] }, "keep")).toEqual(change);
  });
});

describe("settings that go", () => {
  it.each(["release", "replace"] as const)("with their port are not shown: %s", (does) => {
    expect(told({ op: "delete", old }, does)).toEqual([]);
  });

  it("from a port that stays are", () => {
    const what = ["the previous settings are restored"];
    expect(told({ op: "delete", old }, "keep")).toEqual([{ ...CHANGE, does: "remove", what }]);
  });
});

describe("settings that are changed", () => {
  it("are shown with what they were", () => {
    const change = { ...CHANGE, does: "change", what: ["osFingerprint ios:1 → ios:2"] };
    expect(told({ op: "update", old, new: next }, "keep")).toEqual([change]);
    expect(told({ op: "update", old, new: next }, "renew")).toEqual([change]);
  });

  it("since their port is renewed are not, where nothing else changes", () => {
    expect(told({ op: "update", old, new: old }, "renew")).toEqual([]);
  });

  it("since an earlier run broke off between port and settings say so", () => {
    const behind = state({ osFingerprint: "ios:1" }, { outputs: { __portId: "p0" } });
    expect(told({ op: "update", old: behind, new: old }, "keep")).toEqual([
      { ...CHANGE, does: "change", what: ["applied to the port of the renewal before"] },
    ]);
  });

  it("of a port that serves by an id which nobody knows are shown as they are", () => {
    const nowhere = state({ osFingerprint: "ios:1", port: undefined });
    for (const [before, ids] of [
      [old, {}],
      [nowhere, { id: "p1", portId: "p1" }],
    ] as const) {
      expect(told({ op: "update", old: before, new: before }, "keep", "OsFingerprint", ids)).toEqual([
        { ...CHANGE, does: "change", what: [] },
      ]);
    }
  });

  it("of a login show no password, and that it may be another", () => {
    const login = (proxyLogin: string, proxyPassword = "[secret]"): PreviewState =>
      state({ proxyLogin, proxyPassword });
    const what = (next: PreviewState, does: PortChange["does"] = "keep"): string[][] =>
      told({ op: "update", old: login("a"), new: next }, does, "Credentials").map((one) => one.what);
    expect(what(login("a"))).toEqual([["password"]]);
    expect(what(login("b"))).toEqual([["login, and maybe the password"]]);
    expect(what(login("a"), "renew")).toEqual([]);
    expect(what(login("a", UNKNOWN), "renew")).toEqual([["password"]]);
    expect(told({ op: "create", new: login("a") }, "keep", "Credentials")).toMatchObject([
      { what: ["login and password"] },
    ]);
  });
});

it.each(["same", "read", "other"] as const)("%s is no change, and neither is what is left over", (op) => {
  expect(told({ op, old, new: next }, "keep")).toEqual([]);
  expect(told({ op: "delete", old, isLeftover: true }, "keep")).toEqual([]);
});
