import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buyCommand } from "../../cli/commands/buy";
import { checkCommand } from "../../cli/commands/check";
import { disownCommand } from "../../cli/commands/disown";
import { mcpCommand } from "../../cli/commands/mcp";
import { orphansCommand } from "../../cli/commands/orphans";
import { payCancelCommand } from "../../cli/commands/pay-cancel";
import { payCreateCommand } from "../../cli/commands/pay-create";
import { rotateCommand } from "../../cli/commands/rotate";
import { ticketsCloseCommand } from "../../cli/commands/tickets-close";
import { ticketsCreateCommand } from "../../cli/commands/tickets-create";
import { ticketsReplyCommand } from "../../cli/commands/tickets-reply";
import { type AccountArguments, accountOf } from "../../cli/state/open-api";
import { readStackConfig } from "../../cli/state/stack-config";
import { type Terminal } from "../../cli/terminal/terminal";
import { type Heard, hearing } from "./terminal";

type Command = (argv: string[], terminal: Terminal) => Promise<number>;

const OF_STACK = `psx_${"5".repeat(64)}`;
const OF_ENVIRONMENT = `psx_${"e".repeat(64)}`;
const API = "http://127.0.0.1:9";

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  env = { PATH: `${folder}:${process.env.PATH}` };
});
afterEach(() => rmSync(folder, { recursive: true }));

type Config = Record<string, { value?: string; secret: boolean }>;
const SECRET: Config = { "proxies-sx:apiKey": { secret: true }, "proxies-sx:apiUrl": { value: API, secret: false } };

/** A `pulumi` on the PATH that has this configuration in each stack, and notes how it is called. */
function pulumi(config: Config, ...get: string[]): void {
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  script(`case "$*" in "config --json"*) cat ${folder}/config.json ;; *)`, ...get, ";; esac");
}

function script(...lines: string[]): void {
  const all = ["#!/bin/sh", `echo "$@" >> ${folder}/called`, `env >> ${folder}/env`, ...lines];
  writeFileSync(join(folder, "pulumi"), all.join("\n"));
  chmodSync(join(folder, "pulumi"), 0o755);
}
const called = (): string[] =>
  existsSync(join(folder, "called")) ? readFileSync(join(folder, "called"), "utf8").trim().split("\n") : [];

async function account(args: AccountArguments = {}, more: NodeJS.ProcessEnv = {}) {
  const terminal: Heard = hearing({ ...env, ...more });
  const found = await accountOf({ cwd: folder, ...args }, terminal).catch((error: Error) => error.message);
  terminal.err(`${OF_STACK} ${OF_ENVIRONMENT}`.replace(OF_ENVIRONMENT, more.PROXIES_API_KEY ?? ""));
  const [said = "", after = ""] = terminal.said.err.split("\n").slice(-3);
  return { found, said: terminal.said.err.split("\n").length > 2 ? said : "", after };
}

const environment = { PROXIES_API_KEY: OF_ENVIRONMENT, PROXIES_API_URL: "http://127.0.0.1:10" };

it("the stack's configuration comes before the environment, as in its program", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  expect(await account({ stacks: ["dev"] }, environment)).toEqual({
    found: { apiKey: OF_STACK, apiUrl: API },
    said: `asking ${API} with the key, both from stack dev`,
    after: "[secret] [secret]",
  });
});

it("--api-url comes before the stack", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  const { found, said } = await account({ stacks: ["dev"], apiUrl: "http://127.0.0.1:11" }, environment);
  expect(found).toEqual({ apiKey: OF_STACK, apiUrl: "http://127.0.0.1:11" });
  expect(said).toBe("asking http://127.0.0.1:11 (from --api-url) with the key from stack dev");
});

it("without a stack the environment counts, and Pulumi is not asked", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  expect(await account({}, { PROXIES_API_KEY: OF_ENVIRONMENT })).toMatchObject({
    found: { apiKey: OF_ENVIRONMENT, apiUrl: "https://api.proxies.sx" },
    said: "asking https://api.proxies.sx with the key from PROXIES_API_KEY",
  });
  expect(called()).toEqual([]);
});

it("with --env the stack's configuration is not looked at", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  const { found } = await account({ stacks: ["dev"], onlyEnv: true }, environment);
  expect(found).toEqual({ apiKey: OF_ENVIRONMENT, apiUrl: "http://127.0.0.1:10" });
  expect(called()).toEqual([]);
});

it("what the stack does not set comes from the environment", async () => {
  pulumi({ "app:other": { value: "1", secret: false } });
  expect((await account({ stacks: ["dev"] }, environment)).found).toEqual({
    apiKey: OF_ENVIRONMENT,
    apiUrl: "http://127.0.0.1:10",
  });
  pulumi({ "proxies-sx:apiUrl": { value: API, secret: false } });
  expect(await account({ stacks: ["dev"] }, environment)).toMatchObject({
    found: { apiKey: OF_ENVIRONMENT, apiUrl: API },
    said: `asking ${API} (from stack dev) with the key from PROXIES_API_KEY`,
  });
});

it("only secrets of this provider are decrypted, none stands among arguments, and the child gets no key", async () => {
  pulumi({ ...SECRET, "app:password": { secret: true } }, `echo ${OF_STACK}`);
  await account({ stacks: ["dev"] }, { ...environment, PULUMI_CONFIG: "canary" });
  expect(called()).toEqual([
    "config --json --stack=dev --non-interactive --color=never",
    "config get proxies-sx:apiKey --stack=dev --non-interactive --color=never",
  ]);
  expect(readFileSync(join(folder, "env"), "utf8")).not.toMatch(/psx_|canary/);
});

it("of several stacks the first that has something counts", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  script(
    `case "$*" in *=bare*) echo '{}' ;; "config --json"*) cat ${folder}/config.json ;; *) echo ${OF_STACK} ;; esac`,
  );
  const { found, said } = await account({ stacks: ["bare", "dev", "prod"] }, environment);
  expect([found, said]).toEqual([{ apiKey: OF_STACK, apiUrl: API }, `asking ${API} with the key, both from stack dev`]);
  expect(called().join()).not.toContain("prod");
});

describe("a secret that cannot be read", () => {
  beforeEach(() => pulumi(SECRET, "echo 'error: passphrase must be set' >&2", "exit 1"));

  it("leaves the environment's key, and says so", async () => {
    expect(await account({ stacks: ["dev"] }, environment)).toMatchObject({
      found: { apiKey: OF_ENVIRONMENT, apiUrl: API },
      said: `asking ${API} (from stack dev) with the key from PROXIES_API_KEY: that of stack dev cannot be read, passphrase must be set`,
    });
  });

  it("without one names both ways", async () => {
    expect((await account({ stacks: ["dev"] })).found).toBe(
      "no API key: that of stack dev cannot be read, passphrase must be set. Correct that, or set PROXIES_API_KEY",
    );
  });

  const REFUSED =
    /no API key: that of stack dev cannot be read, passphrase must be set\. Correct that, or add --env, which takes PROXIES_API_KEY\n$/;

  const ID = "0".repeat(24);
  const TICKET = ["--subject=no answer", "--message=this port does not answer"];
  it.each<[string, Command, string[]]>([
    ["buy traffic", buyCommand, ["traffic", "--amount=1", "--max-price=10", "--yes"]],
    ["buy slots", buyCommand, ["slots", "--amount=1", "--max-price=10", "--yes"]],
    ["check --speed", checkCommand, [ID, "--speed"]],
    ["disown", disownCommand, [ID]],
    ["orphans --delete", orphansCommand, ["--delete", "--yes"]],
    ["pay create", payCreateCommand, ["--amount=50", "--yes"]],
    ["pay cancel", payCancelCommand, ["1", "--yes"]],
    ["rotate", rotateCommand, [ID, "--yes"]],
    ["tickets create", ticketsCreateCommand, [...TICKET, "--yes"]],
    ["tickets reply", ticketsReplyCommand, [ID, "--message=it still does not", "--yes"]],
    ["tickets close", ticketsCloseCommand, [ID, "--yes"]],
  ])("%s takes no other account for it", async (_what, command, argv) => {
    const terminal = hearing({ ...env, ...environment, PROXIES_SX_JOURNAL_DIR: folder });
    const code = await command([...argv, "--stack=dev", `--cwd=${folder}`], terminal);
    expect([code, terminal.said]).toEqual([2, { out: "", err: expect.stringMatching(REFUSED) as string }]);
    expect(terminal.said.err).not.toContain("asking");
  });

  it("nor does a server whose agents may change something; one that reads does", async () => {
    const serve = async (...argv: string[]): Promise<string> => {
      const terminal = hearing({ ...env, ...environment, PROXIES_SX_JOURNAL_DIR: folder });
      const [input, output] = [new PassThrough(), new PassThrough()];
      const ended = mcpCommand(
        [...argv, "--stack=dev", `--cwd=${folder}`],
        terminal,
        { input, output },
        new AbortController().signal,
      );
      input.end();
      expect(await ended).toBe(0);
      return terminal.said.err;
    };
    expect(await serve("--allow=rotation")).toMatch(REFUSED);
    expect(await serve()).toContain("with the key from PROXIES_API_KEY: that of stack dev cannot be read");
  });
});

it("a stack of another project is not taken for that of this folder", async () => {
  pulumi(SECRET, `echo ${OF_STACK}`);
  writeFileSync(join(folder, "Pulumi.yaml"), "runtime:\n  name: nodejs\nname: 'mine'\n");
  mkdirSync(join(folder, "below"));
  const below = { cwd: join(folder, "below") };
  expect((await account({ ...below, stacks: ["me/theirs/dev"] }, environment)).said).toMatch(
    /with the key from PROXIES_API_KEY: that of stack me\/theirs\/dev cannot be read, the folder's project is mine, not theirs$/,
  );
  expect(called()).toEqual([]);
  expect((await account({ ...below, stacks: ["me/mine/dev"] }, environment)).said).toContain(
    "both from stack me/mine/dev",
  );
});

it.each<[string, AccountArguments, NodeJS.ProcessEnv, RegExp]>([
  ["no key anywhere", {}, {}, /^no API key: set PROXIES_API_KEY, or give --stack NAME, .*proxies-sx:apiKey$/],
  [
    "no key in the stack",
    { stacks: ["bare"] },
    {},
    /^no API key: run `pulumi config set --secret proxies-sx:apiKey --stack bare`.*PROXIES_API_KEY$/,
  ],
  ["a malformed key", {}, { PROXIES_API_KEY: "canary" }, /^the key of PROXIES_API_KEY: .*must start with "psx_"/],
  [
    "a URL that cannot be",
    {},
    { ...environment, PROXIES_API_URL: "http://example.com" },
    /^PROXIES_API_URL: .*HTTP is allowed for localhost only/,
  ],
])("%s is refused in one line with the next step", async (_what, args, more, message) => {
  script("echo '{}'");
  const { found } = await account(args, more);
  expect(found).toMatch(message);
  expect(found).not.toMatch(/canary|\n/);
});

it.each<[string, string[], RegExp]>([
  ["hangs", ["exec sleep 30"], /^`pulumi config --json --stack=dev` did not end within 0\.3 s$/],
  ["waits for an answer", ["read answer && exit 0", "echo 'error: it asked' >&2; exit 1"], /it asked/],
  ["says no JSON", [`echo '${OF_STACK}'`], /^`pulumi config --json --stack=dev` wrote what is no configuration$/],
])("a Pulumi that %s does not hold it up", async (_what, lines, message) => {
  script(...lines);
  const read = readStackConfig({ stack: "dev", cwd: folder, env, deadlineMs: 300 });
  const told = await read.then(
    ({ fault }) => fault,
    (error: Error) => error.message,
  );
  expect(told).toMatch(message);
  expect(told).not.toContain(OF_STACK);
});

it("a missing Pulumi or folder says what to do", async () => {
  expect((await account({ stacks: ["dev"] }, { PATH: folder })).found).toMatch(/not on the PATH: .*PROXIES_API_KEY/);
  expect((await account({ stacks: ["dev"], cwd: join(folder, "none") })).found).toMatch(/none is no folder$/);
});
