import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "../../emulator";

/** A command whose result does not fit on the disk must not pass for one with an empty result. */
const FULL = "/dev/full";
const MAIN = join(__dirname, "../../dist/cli/main.js");
const test = existsSync(FULL) ? it : it.skip;

let emulator: Emulator;
beforeEach(async () => (emulator = await startEmulator()));
afterEach(() => emulator.close());

interface Run {
  code: unknown;
  out: string | null;
  said: string;
}

async function run(to: number | "pipe", ...args: string[]): Promise<Run> {
  const { apiKey: PROXIES_API_KEY, url: PROXIES_API_URL } = emulator;
  const env = { ...process.env, PROXIES_API_KEY, PROXIES_API_URL };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", to, "pipe"] });
  const [out, said, [code]] = await Promise.all([
    child.stdout && text(child.stdout),
    text(child.stderr!),
    once(child, "close") as Promise<unknown[]>,
  ]);
  return { code, out, said };
}

async function toFullDisk(...args: string[]): Promise<Run> {
  const full = openSync(FULL, "w");
  try {
    return await run(full, ...args);
  } finally {
    closeSync(full);
  }
}

test.each([["--help"], ["ports"]])("%s ends with 3 and one line", async (...args) => {
  const { code, said } = await toFullDisk(...args);
  expect([code, said.trim().split("\n").at(-1)]).toEqual([
    3,
    expect.stringMatching(/^proxies-sx.*: the result could not be written to standard output: ENOSPC/),
  ]);
});

test("a purchase that could not be reported is reported by the next call, and not made twice", async () => {
  const buy = ["buy", "traffic", "--amount", "1", "--max-price", "50", "--yes"];
  expect(await toFullDisk(...buy)).toMatchObject({ code: 3 });
  const orders = (): number =>
    emulator.control.requests().filter(({ method, path }) => method === "POST" && path.includes("purchase-traffic"))
      .length;
  expect(orders()).toBe(1);
  expect(await run("pipe", ...buy)).toMatchObject({
    code: 1,
    out: expect.stringContaining("boughtEarlierAt") as string,
  });
  expect(orders()).toBe(1);
});
