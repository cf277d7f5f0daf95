import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAll, type StateSource, stateSources } from "../../cli/state/state-source";
import { exported, heldPort } from "./exported";
import { type Heard, hearing } from "./terminal";

const KEY = "psx_canary_of_sources";
const A = "a".repeat(24);

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  env = { PATH: `${folder}:${process.env.PATH}`, PROXIES_API_KEY: KEY };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a `pulumi` on the PATH that is this shell script. */
function pulumi(...lines: string[]): void {
  writeFileSync(join(folder, "pulumi"), ["#!/bin/sh", ...lines].join("\n"));
  chmodSync(join(folder, "pulumi"), 0o755);
}

function stackSource(stack: string, cwd: string, env: NodeJS.ProcessEnv, deadlineMs?: number): StateSource {
  return stateSources({ stacks: [stack], files: [], cwd }, hearing(env), deadlineMs)[0] as StateSource;
}

const fileSources = (terminal: Heard, ...files: string[]): StateSource[] =>
  stateSources({ stacks: [], files, cwd: "." }, terminal);

const failure = async (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => "no failure",
    (error: Error) => error.message,
  );

it("exports a stack in its folder, without the key", async () => {
  writeFileSync(join(folder, "exported.json"), exported([heldPort("a", A)]));
  pulumi('echo "$@" > called', "env >> called", "pwd >> called", "cat exported.json");
  const state = await stackSource("org/prod", folder, env).read();
  expect([state.name, [...state.held.keys()]]).toEqual(["org/prod", [A]]);
  const called = readFileSync(join(folder, "called"), "utf8");
  expect(called).toMatch(/^stack export --stack=org\/prod --non-interactive --color=never\n/);
  expect(called).toContain(`${folder}\n`);
  expect(called).not.toContain(KEY);
});

it("reads again, not from memory", async () => {
  const source = stackSource("dev", folder, env);
  pulumi("echo '{'");
  expect(await failure(source.read())).toContain("cut off");
  writeFileSync(join(folder, "exported.json"), exported([heldPort("a", A)]));
  pulumi("cat exported.json");
  expect((await source.read()).held.size).toBe(1);
});

it("says what Pulumi's error says, in one line, and no key", async () => {
  pulumi(
    "echo 'warning: old' >&2",
    `echo "error: no stack named 'dev' found ${KEY}" >&2`,
    "echo 'a hint' >&2",
    "exit 6",
  );
  expect(await failure(stackSource("dev", folder, env).read())).toBe(
    "`pulumi stack export --stack=dev` failed: no stack named 'dev' found [secret]",
  );
  pulumi("exit 3");
  expect(await failure(stackSource("dev", folder, env).read())).toMatch(/failed: exit code 3$/);
});

it("an export that fails after a whole answer does not count", async () => {
  writeFileSync(join(folder, "exported.json"), exported([heldPort("a", A)]));
  pulumi("cat exported.json", "exit 1");
  expect(await failure(stackSource("dev", folder, env).read())).toContain("failed");
});

it("does not wait for ever", async () => {
  pulumi("exec sleep 30");
  expect(await failure(stackSource("dev", folder, env, 200).read())).toBe(
    "`pulumi stack export --stack=dev` did not end within 0.2 s",
  );
});

it("distinguishes a missing pulumi from a missing folder", async () => {
  const without = { ...env, PATH: folder };
  expect(await failure(stackSource("dev", folder, without).read())).toContain("pulumi is not on the PATH");
  expect(await failure(stackSource("dev", join(folder, "none"), env).read())).toMatch(/^--cwd .*none is no folder$/);
});

it("reads files and standard input, this one again from memory", async () => {
  const file = join(folder, "state.json");
  writeFileSync(file, exported([heldPort("a", A)]));
  const terminal = hearing({}, { input: exported([heldPort("b", "b".repeat(24))]) });
  const input = jest.spyOn(terminal, "input");
  const sources = fileSources(terminal, file, "-");
  const ids = async () => (await readAll(sources)).map(({ held }) => [...held.keys()]);
  expect(await ids()).toEqual([[A], ["b".repeat(24)]]);
  expect(await ids()).toEqual([[A], ["b".repeat(24)]]);
  expect(input).toHaveBeenCalledTimes(1);
  expect(await failure(readAll(fileSources(terminal, join(folder, "none.json"))))).toMatch(
    /none\.json cannot .*ENOENT/,
  );
});
