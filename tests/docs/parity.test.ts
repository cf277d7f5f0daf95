import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createApi, createX402Api } from "../../api";
import { type Terminal } from "../../cli/terminal/terminal";
import { KINDS } from "../../domain/kinds";
import * as sdk from "../../sdk";
import { hearing } from "../cli/terminal";
import { SAMPLES } from "../emulator/vendor-samples";
import { VENDOR_TOOLS } from "../mcp/vendor-tools";

/** docs/parity.md has a row for each tool and endpoint of the vendor's page, and names nothing that does not exist. */
const ROOT = join(__dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/parity.md"), "utf8");

interface Row {
  name: string;
  resources: string[];
  lookUps: string[];
  commands: string[];
  clients: string[];
}

function rowsBelow(heading: string): Row[] {
  const [, section = ""] = PAGE.split(`\n## ${heading}\n`);
  const [body = ""] = section.split("\n## ");
  const lines = body.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => {
    const cells = line.split("|").slice(1, -1).map(namesIn);
    expect([line, cells.length]).toEqual([line, 5]);
    const [[name = ""] = [], resources = [], lookUps = [], commands = [], clients = []] = cells;
    return { name, resources, lookUps, commands, clients };
  });
}

/** What stands in a cell: names in code with commas between, or a dash. */
function namesIn(cell: string): string[] {
  const text = cell.trim();
  if (text === "–") return [];
  expect(text).toMatch(/^`[^`]+`(, `[^`]+`)*$/);
  return text.slice(1, -1).split("`, `");
}

const tools = rowsBelow("Tools");
const endpoints = rowsBelow("Endpoints");
const all = (column: Exclude<keyof Row, "name">): string[] => [
  ...new Set([...tools, ...endpoints].flatMap((row) => row[column])),
];

it("has a row for each tool and each endpoint, and no other", () => {
  expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(VENDOR_TOOLS).sort());
  const shown = new Set(SAMPLES.map(({ endpoint }) => endpoint));
  expect(endpoints.map(({ name }) => name).sort()).toEqual([...shown].sort());
});

it("each has a function of the client, and each function that is named exists", () => {
  for (const { name, clients } of [...tools, ...endpoints]) expect([name, clients.length > 0]).toEqual([name, true]);
  const api = createApi({ apiKey: "psx_0123456789" });
  const x402 = createX402Api();
  const found = all("clients").filter((name) => typeof at({ ...api, x402 }, name) !== "function");
  expect(found).toEqual([]);
  api.close();
  x402.close();
});

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

it("each resource is a class of the package, and each kind but a choice has a row", () => {
  const classes = all("resources");
  for (const name of classes) expect([name, typeof (sdk as Record<string, unknown>)[name]]).toEqual([name, "function"]);
  const kinds = Object.entries(KINDS).filter(([, { role }]) => role !== "choice");
  expect(classes).toEqual(expect.arrayContaining(kinds.map(([kind]) => kind)));
});

it("each function that is named is one of the package, and each that reads the API has a row", () => {
  const isLookUp = (name: string): boolean => /^(get|can|ping|speedTest)[A-Z].*(?<!Output)$/.test(name);
  const exported = Object.keys(sdk).filter(isLookUp);
  const named = all("lookUps");
  for (const name of named) expect([name, typeof (sdk as Record<string, unknown>)[name]]).toEqual([name, "function"]);
  expect(exported.filter((name) => !named.includes(name))).toEqual(["getCities", "getRegions"]); // not on the page
});

describe("commands", () => {
  const main = readFileSync(join(ROOT, "cli/main.ts"), "utf8");
  const [, known = ""] = /const COMMANDS[^{]*\{\n([\s\S]*?)\n\};/.exec(main) ?? [];

  it.each(all("commands"))("%s exists", async (line) => {
    const words = line.split(" ");
    const [first = ""] = words;
    expect(known).toMatch(new RegExp(`^ {2}${first}: `, "m"));
    const file = join(ROOT, "cli/commands", `${first}.ts`);
    expect(existsSync(file)).toBe(true);
    const module = (await import(file)) as Record<string, (argv: string[], terminal: Terminal) => Promise<number>>;
    const terminal = hearing({});
    const below = words.slice(1).filter((word) => !word.startsWith("--"));
    expect(await module[`${first}Command`]?.([...below.slice(0, 1), "--help"], terminal)).toBe(0);
    const help = terminal.said.out;
    expect(help).toMatch(new RegExp(`^Usage: proxies-sx ${first}`));
    for (const word of words.slice(1)) expect(help.split(/[\s|]+/)).toContain(word);
  });
});
