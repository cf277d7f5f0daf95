import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import * as api from "../../api";
import { adoptCommand } from "../../cli/commands/adopt";
import { exportCommand } from "../../cli/commands/export";
import { mcpCommand } from "../../cli/commands/mcp";
import { orphansCommand } from "../../cli/commands/orphans";
import { planCommand } from "../../cli/commands/plan";
import { reportCommand } from "../../cli/commands/report";
import { x402Command } from "../../cli/commands/x402";
import { type Terminal } from "../../cli/terminal/terminal";
import { type Emulator, startEmulator } from "../../emulator";
import * as sdk from "../../sdk";
import { hearing } from "../cli/terminal";
import { agentAt } from "../mcp/agent";

/** What agents read about the package is what it does: each snippet of llms.txt and of docs/agents.md runs. */
const textOf = (file: string): string => readFileSync(join(__dirname, "../..", file), "utf8");
const LLMS = textOf("llms.txt");

const snippets = (language: string, text = LLMS): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, code = ""]) => code);

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0 });
  emulator.control.buyPort({ country: "DE" });
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-llms-"));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program of TypeScript, its packages being our sources. */
async function runProgram(code: string, packages: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: Record<string, unknown> = {};
  const run = compileFunction(`return (async () => {${outputText}})();`, [
    "require",
    "exports",
    "process",
    "console",
  ]) as (require: (name: string) => unknown, ...given: object[]) => Promise<void>;
  await run((name) => packages[name], exports, process, console);
  return exports;
}

const [program = "", client = "", ...more] = snippets("ts");

it("the program declares what it says", async () => {
  expect(more).toEqual([]);
  const made: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push(`${type.split(":").at(-1)} ${name}`);
      return { id: `${name}-id`, state: { ...(inputs as object), httpUrl: `http://${name}` } };
    },
    call: () => ({}),
  });
  const { urls } = (await runProgram(program, { "pulumi-proxies-sx": sdk })) as { urls: pulumi.Output<string[]> };
  const all = await new Promise<string[]>((resolve) => void urls.apply(resolve));
  expect(all).toHaveLength(4);
  expect(made).toEqual(
    expect.arrayContaining(["Port scraper", "RotationSettings scraper-rotation", "ProxyFleet pool"]),
  );
  expect(made.filter((one) => one.startsWith("Port pool"))).toHaveLength(4);
});

it("the client lists ports", async () => {
  const said = jest.spyOn(console, "log").mockImplementation();
  Object.assign(process.env, { PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url });
  await runProgram(client, { "pulumi-proxies-sx/api": api });
  expect(said.mock.calls).toEqual([[[expect.objectContaining({ country: "DE" })]]]);
  said.mockRestore();
});

const COMMANDS: Record<string, (argv: string[], terminal: Terminal) => Promise<number>> = {
  ...{ adopt: adoptCommand, export: exportCommand, mcp: mcpCommand, orphans: orphansCommand },
  ...{ plan: planCommand, report: reportCommand, x402: x402Command },
};

const lines = snippets("sh")
  .flatMap((text) => text.trim().split("\n"))
  .map((line) => line.replace(/\s+#.*$/, ""));

it.each(lines)("%s", async (line) => {
  const [, name = "", ...argv] =
    /^npx proxies-sx (\S+)(.*)$/
      .exec(line)
      ?.slice(0)
      .flatMap((part, at) => (at === 2 ? part.trim().split(/\s+/).filter(Boolean) : [part])) ?? [];
  const terminal = hearing({ PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url });
  // A stack needs an engine: there it is enough that the arguments are taken.
  const needsStack = argv.includes("--stack");
  const given = argv.map((one) => (one.endsWith(".json") || one === ".env" ? join(folder, one) : one));
  const code = await COMMANDS[name]?.([...given, ...(needsStack ? ["--help"] : [])], terminal);
  expect([code, terminal.said.err]).toEqual([
    name === "adopt" ? 0 : expect.any(Number),
    expect.not.stringMatching(/unknown|usage/),
  ]);
  expect([0, 1]).toContain(code);
  expect(terminal.said.out !== "" || argv.includes("--output")).toBe(true);
});

it.each([...snippets("json"), ...snippets("json", textOf("docs/agents.md"))])(
  "a configuration starts a server: %s",
  async (text) => {
    const { mcpServers } = JSON.parse(text) as { mcpServers: Record<string, { command: string; args: string[] }> };
    const { command, args = [] } = mcpServers["proxies-sx"] ?? {};
    expect([command, ...args.slice(0, 2)]).toEqual(["npx", "proxies-sx", "mcp"]);
    const argv = args.slice(2).filter((one, at, all) => one !== "--stack" && all[at - 1] !== "--stack");
    const agent = await agentAt(emulator, argv);
    expect((await agent.client.listTools()).tools.length).toBeGreaterThan(42);
    expect(await agent.leave()).toBe(0);
  },
);

it("names each tool that it has beyond the vendor's, and each group", async () => {
  for (const name of ["plan", "fleet_report", "orphans", "explain_port", "propose_change", "x402_get_proxy"])
    expect(LLMS).toContain(`\`${name}\``);
});
