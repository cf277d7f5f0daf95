import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const SOURCES = ["api", "cli", "domain", "files", "provider", "report", "review", "sdk"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((file) => file.endsWith(".ts"))
  .map(textOf)
  .join("\n");

const VARIABLE = /\b(?:(?:PROXIES|PULUMI|AGENT|XDG|NODE)_[A-Z_]+|(?:HTTPS|ALL|NO)_PROXY)\b/g;
const SETTING = /\bproxies-sx:[a-z]\w*(?![\w:])/g;
/** A part of the component's type, no setting. */
const NO_SETTINGS = ["proxies-sx:index"];
/** Read by Pulumi and Node alone. */
const OF_OTHERS = ["PULUMI_CONFIG_PASSPHRASE", "NODE_OPTIONS"];
/** Named in sources to say that it has no effect. */
const NOT_READ = ["NODE_TLS_REJECT_UNAUTHORIZED"];

const found = (text: string, pattern: RegExp): string[] => [...new Set(text.match(pattern) ?? [])].sort();
const without = (names: string[], others: string[]): string[] => names.filter((name) => !others.includes(name));

const PAGE = textOf("docs/installation-configuration.md");

it("each setting and environment variable that the sources name is on the page, and no other", () => {
  const variables = without(found(SOURCES, VARIABLE), NOT_READ);
  expect(variables).toEqual(expect.arrayContaining(["PROXIES_API_KEY", "HTTPS_PROXY", "PULUMI_HOME"]));
  expect(without(found(PAGE, VARIABLE), OF_OTHERS)).toEqual(without(variables, OF_OTHERS));

  const settings = without(found(SOURCES, SETTING), NO_SETTINGS);
  expect(settings).toContain("proxies-sx:walletMainnet");
  expect(found(PAGE, SETTING)).toEqual(settings);
});

it("README is short enough to be read", () => {
  expect(textOf("README.md").split("\n").length).toBeLessThanOrEqual(151);
});
