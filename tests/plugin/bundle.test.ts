import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  expect(JSON.parse(said)).toEqual({
    flags: ["--semi-space-growth-factor=1", "--heap-growing-percent=30"],
    heaps: "1",
    fetch: false,
  });
});
