import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { adoptCommand } from "../../cli/commands/adopt";
import { disownCommand } from "../../cli/commands/disown";
import { emulatorCommand } from "../../cli/commands/emulator";
import { exportCommand } from "../../cli/commands/export";
import { metricsCommand } from "../../cli/commands/metrics";
import { orphansCommand } from "../../cli/commands/orphans";
import { planCommand } from "../../cli/commands/plan";
import { reportCommand } from "../../cli/commands/report";
import { buyCommand } from "../../cli/commands/buy";
import { checkCommand } from "../../cli/commands/check";
import { mcpCommand } from "../../cli/commands/mcp";
import { payCommand } from "../../cli/commands/pay";
import { portsCommand } from "../../cli/commands/ports";
import { rotateCommand } from "../../cli/commands/rotate";
import { ticketsCommand } from "../../cli/commands/tickets";
import { watchCommand } from "../../cli/commands/watch";
import { x402Command } from "../../cli/commands/x402";
import { type Terminal } from "../../cli/terminal/terminal";
import { parseLimits } from "../../review/limits";
import { hearing } from "../cli/terminal";

const ROOT = join(__dirname, "../..");
const COMMANDS: Record<string, (argv: string[], terminal: Terminal) => Promise<number>> = {
  adopt: adoptCommand,
  disown: disownCommand,
  emulator: emulatorCommand,
  export: exportCommand,
  metrics: metricsCommand,
  orphans: orphansCommand,
  plan: planCommand,
  report: reportCommand,
  buy: buyCommand,
  check: checkCommand,
  mcp: mcpCommand,
  pay: payCommand,
  ports: portsCommand,
  rotate: rotateCommand,
  tickets: ticketsCommand,
  watch: watchCommand,
  x402: x402Command,
};

/** Commands that have commands. */
const GROUPS = ["buy", "pay", "tickets", "x402"];

const docs = ["README.md", ...["docs", "emulator", "examples"].flatMap(pagesIn)];

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

/** What stands in blocks of one language. */
function blocks(file: string, language: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"))].map(
    ([, code = ""]) => code,
  );
}

/** Calls of `npx proxies-sx`, each with its arguments up to a comment, a pipe or a redirection. */
const callsIn = (code: string): string[] =>
  code
    .replaceAll("\\\n", " ")
    .split("\n")
    .flatMap((line) => [...(/\bproxies-sx ([a-z][^|>&#]*)/.exec(line)?.slice(1) ?? [])])
    .map((call) => call.trim());

/** What is wrong with a call: a command that does not exist, or options that its help does not list. */
async function faults(call: string): Promise<string[]> {
  const [name = "", ...rest] = call.split(/\s+/);
  const command = COMMANDS[name];
  if (!command) return [`${call}: no command ${name}`];
  const terminal = hearing({});
  await command(GROUPS.includes(name) ? [rest[0] ?? "", "--help"] : ["--help"], terminal);
  const options = rest.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
  return options
    .filter((option) => !new RegExp(`${option}(?![\\w-])`).test(terminal.said.out))
    .map((option) => `${call}: no option ${option}`);
}

it("every command in the docs is there, with the options that it is given", async () => {
  const calls = docs.flatMap((file) => blocks(file, "sh").flatMap(callsIn));
  expect(calls.length).toBeGreaterThan(10);
  expect((await Promise.all(calls.map(faults))).flat()).toEqual([]);
  expect(
    (await Promise.all(["plna prod", "plan --stakc prod", "x402 quote --gigabytes 1"].map(faults))).flat(),
  ).toEqual([
    "plna prod: no command plna",
    "plan --stakc prod: no option --stakc",
    "x402 quote --gigabytes 1: no option --gigabytes",
  ]);
});

it("JSON and YAML in the docs can be read, and limits are limits", () => {
  const json = docs.flatMap((file) => blocks(file, "json"));
  expect(json.length).toBeGreaterThan(0);
  for (const text of json) {
    JSON.parse(text);
    if (text.includes("maxPorts")) expect(() => parseLimits(text, "docs")).not.toThrow();
  }
  for (const text of docs.flatMap((file) => blocks(file, "ya?ml"))) expect(parse(text)).toEqual(expect.anything());
});
