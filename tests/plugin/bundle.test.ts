import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILE = join(__dirname, "../../node_modules/.cache/pulumi-proxies-sx/plugin/pulumi-resource-proxies-sx");
const plugin = readFileSync(FILE, "utf8");

/** What packages bring along and the plugin never uses costs each start: see scripts/plugin.mjs. */
it.each([
  ["types of files, for forms", "application/vnd.ms-excel"],
  ["messages in other languages", "\\u05D0"],
])("the plugin's file has no %s", (_what, text) => {
  expect(plugin.includes(text)).toBe(false);
});

/** Writes what a process has set of V8 and of the C library, and whether Node's own client of HTTP is there, once it is loaded. */
const HOOK = `
  const v8 = require("node:v8");
  const set = v8.setFlagsFromString;
  const flags = [];
  v8.setFlagsFromString = (flag) => { flags.push(flag); set(flag); };
  setImmediate(() => {
    const heaps = process.env.MALLOC_ARENA_MAX;
    process.stderr.write(JSON.stringify({ flags, heaps, fetch: "fetch" in globalThis }) + "\\n");
  });
`;

it("the plugin as it runs keeps its heap small, and has not loaded Node's client of HTTP", async () => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-hook-"));
  const hook = join(folder, "hook.js");
  writeFileSync(hook, HOOK);
  const child = spawn(FILE, [], { env: { ...process.env, NODE_OPTIONS: `--require ${hook}` } });
  let said = "";
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await Promise.race([
    ended,
    new Promise<void>((resolve) =>
      child.stderr.on("data", (text) => {
        said += String(text);
        if (said.includes("\n")) resolve();
      }),
    ),
  ]);
  child.kill();
  await ended;
  rmSync(folder, { recursive: true });
  const flags = ["--semi-space-growth-factor=1", "--heap-growing-percent=30"];
  expect(JSON.parse(said)).toEqual({
    flags: [...flags, ...flags], // by the file before it reads what was kept, and by the code in it
    heaps: "1",
    fetch: false,
  });
});

describe("what V8 compiled is kept beside the plugin's file, for the next start", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-code-"));
    copyFileSync(FILE, join(folder, "plugin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** One life of the plugin, up to its address and ended as the engine does. Gives what is kept then. */
  async function lived(): Promise<{ path: string; id: number; mode: number } | undefined> {
    const child = spawn(join(folder, "plugin"), ["127.0.0.1:1"]);
    const ended = once(child, "exit");
    const [port] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer | number];
    expect(String(port)).toMatch(/^\d+\n$/);
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    const [kept, ...more] = readdirSync(folder).filter((name) => !["plugin", "elsewhere"].includes(name));
    expect(more).toEqual([]);
    if (kept === undefined) return undefined;
    const path = join(folder, kept);
    const { ino, mode } = statSync(path);
    return { path, id: ino, mode: mode & 0o777 };
  }

  it("by one that ends, under the version of Node, and is not written anew", async () => {
    const first = await lived();
    expect(first?.path).toContain(`-${process.version}-${process.arch}`);
    expect(first?.mode).toBe(0o600);
    expect(await lived()).toEqual(first);
  });

  it.each<[string, (path: string) => void]>([
    ["is damaged", (path) => writeFileSync(path, readFileSync(path).fill(0x55, 1_000, 5_000))],
    ["is cut", (path) => writeFileSync(path, readFileSync(path).subarray(0, 1_000))],
    ["may be written by others", (path) => chmodSync(path, 0o666)],
    [
      "is a link",
      (path) => {
        renameSync(path, join(folder, "elsewhere"));
        symlinkSync("elsewhere", path);
      },
    ],
  ])("and written anew where it %s", async (_how, harm) => {
    const first = await lived();
    const good = readFileSync(first?.path ?? "");
    harm(first?.path ?? "");
    const second = await lived();
    expect(second).toMatchObject({ path: first?.path, mode: 0o600 });
    expect(second?.id).not.toBe(first?.id);
    expect(Math.abs(readFileSync(second?.path ?? "").length / good.length - 1)).toBeLessThan(0.1);
    expect(await lived()).toEqual(second);
  });
});
