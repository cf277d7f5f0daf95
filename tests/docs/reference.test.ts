import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Emulator, startEmulator } from "../../emulator";
import { type KindName, KINDS, typeOf } from "../../domain/kinds";
import * as proxies from "../../sdk";

/** Whether pages are what the sources say is for `npm run check:pages`; here: whether that is enough for a reader. */
const FOLDER = join(__dirname, "../../docs/reference");
const pages = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));
const pageOf = (name: string) => pages.find(({ text }) => text.includes(`\n# ${name}\n`));

const RESOURCES = Object.keys(KINDS) as KindName[];
const PAGES = [...RESOURCES, "ProxyFleet", "Account"];

it.each(PAGES)("%s has a page that says what a change of each input does", (name) => {
  const { text = "" } = pageOf(name) ?? {};
  expect(text).toContain("## Example");
  expect(text).toContain("what a change does");
  expect(text).not.toContain("See below."); // an input whose docstring has no @change
});

it("functions have a page, with the types of what they give", () => {
  const { text = "" } = pageOf("Functions") ?? {};
  const asks = Object.keys(proxies).filter((name) => /^(get|can|ping|speed)/.test(name) && !name.endsWith("Output"));
  expect(asks.length).toBeGreaterThan(20);
  expect(asks.filter((name) => !text.includes(`\n### ${name}\n`))).toEqual([]);
  expect(text).toContain("\n### PortInfo\n");
});

const MODULES: Record<string, unknown> = {
  "pulumi-proxies-sx": proxies,
  "@pulumi/pulumi": pulumi,
  "@pulumi/random": require("@pulumi/random") as unknown,
};

let emulator: Emulator;
beforeAll(async () => (emulator = await startEmulator()));
afterAll(() => emulator.close());

it.each(PAGES)("the JavaScript example of %s runs, and makes one", async (name) => {
  const [, code = ""] = /^```js\n([\s\S]*?)^```$/m.exec(pageOf(name)?.text ?? "") ?? [];
  const made: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push(type);
      return { id: `${name}-id`, state: inputs as object };
    },
    call: () => ({}),
  });
  const { apiKey, url } = emulator;
  const account = { "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": url };
  pulumi.runtime.setAllConfig({ ...account, "project:release": "1", "project:secondKey": "psx_x" });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own program
  const run = new Function("require", "exports", code) as (require: unknown, exports: object) => void;
  run((module: string) => MODULES[module], {});
  await pulumi.runtime.disconnect();
  const component = name === "Account" ? "pulumi:providers:pulumi-nodejs" : `proxies-sx:index:${name}`;
  expect(made).toContain(Object.hasOwn(KINDS, name) ? typeOf(name as KindName) : component);
});
