import { countryCode } from "../../review/country-code";
import { UNKNOWN } from "../../domain/unknown";
import { parsePreview } from "../../review/preview";
import { recorded, recordedText } from "./recordings";

it("takes what the engine wrote, each resource once", () => {
  const { project, stack, steps } = recorded("refreshed");
  expect([project, stack]).toEqual(["test", "dev"]);
  expect(new Set(steps.map(({ urn }) => urn)).size).toBe(steps.length);
});

it("reads a replacement that comes in three steps as one", () => {
  const whole = JSON.parse(recordedText("mixed")) as { steps: { op: string; urn: string; oldState: object }[] };
  const replaced = whole.steps.find(({ op }) => op === "replace");
  const { newState: _new, ...rest } = replaced as Record<string, unknown>;
  const steps = [
    { ...replaced, op: "create-replacement" },
    ...whole.steps,
    { ...rest, op: "delete-replaced", replaceReasons: null },
  ];
  const parsed = parsePreview(JSON.stringify({ ...whole, steps }), "it").steps.find(({ urn }) => urn === replaced?.urn);
  expect(parsed).toMatchObject({
    op: "replace",
    replaceReasons: ["slotType"],
    new: { inputs: { slotType: "private" } },
  });
});

const urnOf = (name: string, type = "random:index/pet:Pet"): string => `urn:pulumi:dev::shop::${type}::${name}`;
const previewOf = (told: object) => parsePreview(JSON.stringify({ steps: [], ...told }), "it");
const stepsOf = (...steps: object[]) => previewOf({ steps }).steps;

describe("a step", () => {
  it.each([
    ["create", "create"],
    ["delete", "delete"],
    ["same", "same"],
    ["update", "update"],
    ["replace", "replace"],
    ["create-replacement", "replace"],
    ["read", "read"],
    ["read-replacement", "read"],
    ["discard", "other"],
    ["import", "other"],
  ])("that the engine calls %s is %s", (op, told) => {
    expect(stepsOf({ op, urn: urnOf("a") })).toMatchObject([{ op: told }]);
  });

  it("has its resource as it is before and after; what the engine leaves out is nothing", () => {
    const provider = "urn:pulumi:dev::shop::pulumi:providers:random::default::1";
    const flags = { external: true, protect: true, retainOnDelete: true };
    const full = { urn: urnOf("a"), id: "1", inputs: { x: 1 }, outputs: { y: 2 }, provider, ...flags };
    const from = { x: [urnOf("b")], y: null };
    const [step] = stepsOf({
      op: "update",
      urn: urnOf("a", "my:Fleet$random:index/pet:Pet"),
      oldState: { ...full, propertyDependencies: from },
      newState: { urn: urnOf("a") },
      replaceReasons: null,
    });
    const off = { external: false, protect: false, retainOnDelete: false };
    expect(step).toEqual({
      ...{ urn: urnOf("a", "my:Fleet$random:index/pet:Pet"), name: "a", type: "random:index/pet:Pet", op: "update" },
      ...{ replaceReasons: [], isLeftover: false },
      old: { ...full, propertyDependencies: { x: [urnOf("b")], y: [] } },
      new: { urn: urnOf("a"), inputs: {}, outputs: {}, propertyDependencies: {}, ...off },
    });
    expect(stepsOf({ op: "create", urn: urnOf("a") })).toMatchObject([{ old: undefined, new: undefined }]);
  });
});

describe("steps", () => {
  it("are listed by name, then by URN, in whatever order the engine lists them", () => {
    const [two, ten, other] = [urnOf("a2"), urnOf("a10"), urnOf("a2", "random:index/id:Id")];
    for (const urns of [
      [ten, two, other],
      [other, two, ten],
    ]) {
      expect(stepsOf(...urns.map((urn) => ({ op: "same", urn }))).map(({ urn }) => urn)).toEqual([other, two, ten]);
    }
  });

  const state = (id: string) => ({ urn: urnOf("a"), id });
  const refresh = { op: "refresh", urn: urnOf("a"), oldState: state("1"), newState: state("1") };

  it("of a refresh are none: what follows it says what is done", () => {
    expect(stepsOf(refresh)).toEqual([]);
    expect(stepsOf(refresh, { op: "same", urn: urnOf("a"), oldState: state("1") })).toMatchObject([{ op: "same" }]);
  });

  it.each(["first", "last"])("of what an earlier replacement left are a deletion of their own: %s", (place) => {
    const same = { op: "same", urn: urnOf("a"), oldState: state("1"), newState: state("1") };
    const left = { op: "delete-replaced", urn: urnOf("a"), oldState: state("0") };
    expect(stepsOf(...(place === "first" ? [left, same] : [same, left]))).toMatchObject([
      { op: "same", isLeftover: false, old: { id: "1" } },
      { op: "delete", isLeftover: true, old: { id: "0" } },
    ]);
  });

  it("of what was left of a resource that is in the program no more are a deletion, also after a refresh", () => {
    const left = { op: "delete-replaced", urn: urnOf("a"), oldState: state("1") };
    for (const steps of [[left], [refresh, left]]) {
      expect(stepsOf(...steps)).toMatchObject([{ op: "delete", isLeftover: true }]);
    }
    expect(stepsOf({ ...left, oldState: null })).toMatchObject([{ op: "delete", isLeftover: true }]);
  });

  it.each([0, 1, 2])(
    "of one replacement are one, with why and what is known of it: the first is number %i",
    (first) => {
      const three = [
        {
          op: "create-replacement",
          urn: urnOf("a"),
          oldState: state("1"),
          newState: state("2"),
          replaceReasons: ["size"],
        },
        { op: "replace", urn: urnOf("a"), oldState: state("1"), newState: state("2"), replaceReasons: ["size"] },
        { op: "delete-replaced", urn: urnOf("a"), oldState: state("1") },
      ];
      const turned = [...three.slice(first), ...three.slice(0, first)];
      expect(stepsOf(...turned)).toMatchObject([
        { op: "replace", isLeftover: false, old: { id: "1" }, new: { id: "2" }, replaceReasons: ["size"] },
      ]);
    },
  );

  it("of one that is only read from now on are a replacement, in either order", () => {
    const read = { op: "read-replacement", urn: urnOf("a"), oldState: state("1"), newState: state("1") };
    const gone = { op: "delete-replaced", urn: urnOf("a"), oldState: state("1") };
    for (const steps of [
      [read, gone],
      [gone, read],
    ]) {
      expect(stepsOf(...steps)).toMatchObject([{ op: "replace", new: { id: "1" } }]);
    }
  });
});

describe("a preview", () => {
  it("has its project and stack from its steps; one without steps has none", () => {
    const { project, stack } = previewOf({ steps: [{ op: "same", urn: urnOf("a") }] });
    expect([project, stack]).toEqual(["shop", "dev"]);
    const failed = parsePreview('{"diagnostics": []}', "it");
    expect([failed.project, failed.stack, failed.steps, failed.errors]).toEqual(["", "", [], []]);
    expect(previewOf({ steps: [{ op: "same", urn: "no urn:pulumi:dev::shop::a" }] })).toMatchObject({ stack: "" });
  });

  it("has errors, each without the word for it and without secrets; warnings are none", () => {
    const diagnostics = [
      { severity: "error", message: "error: country: is no error: canary-1" },
      { severity: "warning", message: "old" },
      { severity: "error", message: "no error: here" },
      { severity: "error" },
    ];
    expect(previewOf({ config: { "app:password": "canary-1" }, diagnostics }).errors).toEqual([
      "country: is no error: [secret]",
      "no error: here",
      "",
    ]);
    expect(previewOf({}).errors).toEqual([]);
  });

  it("names the settings that are secret, and counts what stays and is not listed", () => {
    const config = { "app:password": "[secret]", "app:size": "5", "app:empty": "" };
    const same = { op: "same", urn: urnOf("a") };
    expect(
      previewOf({ config, steps: [same, { op: "create", urn: urnOf("b") }], changeSummary: { same: 3 } }),
    ).toMatchObject({
      ...{ secretConfig: ["app:password"], untold: 2 },
    });
    expect(previewOf({ steps: [same] })).toMatchObject({ secretConfig: [], untold: 0 });
  });
});

it.each([
  ["", /it is not JSON: give what `pulumi preview --json --show-sames` writes/],
  ["Previewing update (dev)\n{}", /it is not JSON/],
  ["{}", /it holds no preview/],
  ['{"steps": [{"op": "create"}]}', /it holds no preview/],
])("says what is wrong with %j", (text, message) => {
  expect(() => parsePreview(text, "it")).toThrow(message);
});

it("knows secrets that the engine did not mask by their names", () => {
  const urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Credentials::login";
  const inputs = { proxyPassword: "canary-1", nested: { apiKey: "canary-2" }, proxyLogin: "team-a" };
  const outputs = { httpUrls: ["http://a:canary-3@b"], port: "4" };
  const config = { "app:token": "canary-4", "app:size": "5", "app:rotatePasswords": "true", "app:tokenTtl": "86400" };
  const text = JSON.stringify({ config, steps: [{ op: "create", urn, newState: { urn, inputs, outputs } }] });
  const said = ["canary-1", "canary-2", "canary-4", "http://a:canary-3@b", "team-a 4 5 true 86400"].join(" ");
  expect(parsePreview(text, "it").redactor.cut(said)).toBe("[secret] [secret] [secret] [secret] team-a 4 5 true 86400");
});

it("takes no URN for a secret, and no value that stands for an unknown one", () => {
  const urn = urnOf("pet");
  const newState = { urn: urnOf("a"), inputs: { password: UNKNOWN }, propertyDependencies: { password: [urn] } };
  const said = `${urn} ${UNKNOWN} my-${urn}`;
  expect(previewOf({ steps: [{ op: "create", urn: urnOf("a"), newState }] }).redactor.cut(said)).toBe(said);
  const odd = previewOf({ config: { "app:password": `my-${urn}` } });
  expect(odd.redactor.cut(`my-${urn}`)).toBe("[secret]");
});

it("takes a number of six digits under a secret's name for a secret", () => {
  const text = JSON.stringify({ config: { "app:password": "123456" }, steps: [] });
  expect(parsePreview(text, "it").redactor.cut("123456 of 7")).toBe("[secret] of 7");
});

it.each([
  ["de", "DE"],
  ["Germany", "DE"],
  [" de ", "DE"],
  ["united kingdom", "GB"],
  [" Türkiye ", "TR"],
  ["Zimbabwe", "ZW"],
  // Its code was replaced by another.
  ["East Germany", "East Germany"],
  ["Atlantis", "Atlantis"],
])("%s is the country %s, without a call", (word, code) => {
  expect(countryCode(word)).toBe(code);
});

it("a country that the vendor calls by another name is found in its list", () => {
  expect(countryCode("Holland", [{ id: "1", name: "Holland", code: "NL" }])).toBe("NL");
});
