import { countryCode } from "../../review/country-code";
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
