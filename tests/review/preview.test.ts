import { countryCode } from "../../review/country-code";
import { parsePreview } from "../../review/preview";
import { recorded, recordedText } from "./recordings";

it("takes what the engine wrote, each resource once", () => {
  const { project, stack, steps } = recorded("refreshed");
  expect([project, stack]).toEqual(["test", "dev"]);
  expect(new Set(steps.map(({ urn }) => urn)).size).toBe(steps.length);
});

it("tells a replacement that is told in three steps as one", () => {
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
  expect([...parsePreview(text, "it").blanks.secrets].sort()).toEqual([
    "canary-1",
    "canary-2",
    "canary-4",
    "http://a:canary-3@b",
  ]);
});

it.each([
  ["de", "DE"],
  ["Germany", "DE"],
  ["united kingdom", "GB"],
  ["Atlantis", "Atlantis"],
])("%s is the country %s, without a look-up", (word, code) => {
  expect(countryCode(word)).toBe(code);
});
