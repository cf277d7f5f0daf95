import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { exportCommand } from "../../cli/commands/export";
import { FORMATS } from "../../cli/commands/proxy-formats";
import { credentials, exported, proxyPort, secret } from "./exported";
import { hearing } from "./terminal";

const PASSWORDS = ["own-password", "of-the-team"];

let folder: string;
let state: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  state = join(folder, "state.json");
  file = join(folder, "proxies");
  writeFileSync(state, exported([proxyPort("a"), proxyPort("b"), credentials("b")]));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(argv: string[], env: NodeJS.ProcessEnv = {}, input = "") {
  const terminal = hearing(env, { input });
  const code = await exportCommand(argv, terminal);
  return { code, ...terminal.said };
}

/** With the logins that stand in a header's code. */
const withoutCodes = (text: string): string =>
  text.replace(/(?<=Basic )[A-Za-z0-9+/=]+/g, (code) => Buffer.from(code, "base64").toString());

/** Puts a `pulumi` on the PATH that notes how it was called. */
function fakePulumi(...lines: string[]): NodeJS.ProcessEnv {
  const path = join(folder, "pulumi");
  writeFileSync(path, ["#!/bin/sh", `echo "$@" >> ${folder}/called`, `env >> ${folder}/env`, ...lines].join("\n"));
  chmodSync(path, 0o755);
  return { PATH: `${folder}:${process.env.PATH}`, PROXIES_API_KEY: "psx_canary" };
}
const called = (): string => readFileSync(join(folder, "called"), "utf8");

describe("on the terminal", () => {
  it.each(Object.keys(FORMATS))("%s masks passwords, and shows them on demand", async (format) => {
    const masked = await run(["--state", state, "--format", format]);
    expect(masked.code).toBe(0);
    for (const password of PASSWORDS) expect(masked.out + masked.err).not.toContain(password);
    if (format === "pac") {
      expect([masked.err, masked.out]).toEqual(["", expect.not.stringContaining("[secret]")]);
      return;
    }
    expect(masked.out).toContain("[secret]");
    expect(masked.err).toBe("Passwords are masked: add --output FILE, or --show-secrets.\n");
    const { out, err } = await run(["--state", state, "--format", format, "--show-secrets"]);
    for (const password of PASSWORDS) expect(withoutCodes(out)).toContain(password);
    expect([out.includes("[secret]"), err]).toEqual([false, ""]);
  });

  it("reads a state from standard input, one without its secrets too", async () => {
    const hidden = { ...secret(""), plaintext: undefined, ciphertext: "v1:canary" };
    const input = exported([proxyPort("a", { proxyPassword: hidden })]);
    const { code, out } = await run(["--state", "-"], {}, input);
    expect([code, out]).toEqual([0, "http://own:[secret]@203.0.113.10:8000\n"]);
    const shown = await run(["--state", "-", "--show-secrets"], {}, input);
    expect([shown.code, shown.out]).toEqual([1, ""]);
    expect(shown.err).toMatch(/^Left out: a has an encrypted login: [^\n]*\nThere is no proxy to write\.\n$/);
  });
});

describe("of a stack", () => {
  it.each<[string, string[], boolean]>([
    ["none for the terminal", [], false],
    ["none for a PAC file", ["--format", "pac", "--output", "FILE"], false],
    ["for a file", ["--output", "FILE"], true],
    ["on demand", ["--show-secrets"], true],
  ])("secrets are decrypted only where they are written: %s", async (_what, more, decrypts) => {
    const env = fakePulumi(`cat ${state}`);
    const argv = [
      "--stack",
      "dev",
      "--stack",
      "dev",
      "--cwd",
      folder,
      ...more.map((one) => (one === "FILE" ? file : one)),
    ];
    expect((await run(argv, env)).code).toBe(0);
    expect(called()).toMatch(/^stack export --stack=dev [^\n]*\n$/); // once
    expect(called().includes("--show-secrets")).toBe(decrypts);
    for (const canary of [...PASSWORDS, "psx_canary"]) expect(called()).not.toContain(canary);
    expect(readFileSync(join(folder, "env"), "utf8")).not.toContain("psx_canary");
  });

  it("of what a child wrote that fails, only its error is shown", async () => {
    const env = fakePulumi(`cat ${state}`, "echo 'error: incorrect passphrase' >&2", "exit 1");
    expect(await run(["--stack", "dev", "--cwd", folder, "--output", file], env)).toEqual({
      code: 3,
      out: "",
      err: "proxies-sx export: `pulumi stack export --stack=dev` failed: incorrect passphrase\n",
    });
    expect(readdirSync(folder)).not.toContain("proxies");
  });

  it("an answer that is cut off is not shown either", async () => {
    writeFileSync(state, exported([proxyPort("a")]).slice(0, -20));
    const { code, out, err } = await run(
      ["--stack", "dev", "--cwd", folder, "--show-secrets"],
      fakePulumi(`cat ${state}`),
    );
    expect([code, out, err]).toEqual([3, "", "proxies-sx export: the state of dev is no JSON, or cut off\n"]);
  });
});

describe("--output", () => {
  const write = (...more: string[]) => run(["--state", state, "--output", file, ...more]);
  const isPrivate = (): boolean => (statSync(file).mode & 0o777) === 0o600;

  it("is for this user only, and says nothing else", async () => {
    expect(await write()).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(file, "utf8")).toBe(
      "http://own:own-password@203.0.113.10:8000\nhttp://team-a:of-the-team@203.0.113.10:8000\n",
    );
    expect(isPrivate()).toBe(true);
  });

  it("overwrites nothing without --force", async () => {
    writeFileSync(file, "mine", { mode: 0o644 });
    expect(await write()).toMatchObject({ code: 2, err: expect.stringContaining("it exists already") as string });
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect((await write("--force")).code).toBe(0);
    expect([isPrivate(), readFileSync(file, "utf8")]).toEqual([true, expect.stringContaining("own-password")]);
  });

  it("--force takes the place of a link, and leaves what it leads to", async () => {
    const other = join(folder, "other");
    writeFileSync(other, "mine", { mode: 0o644 });
    symlinkSync(other, file);
    expect((await write()).code).toBe(2);
    expect((await write("--force")).code).toBe(0);
    expect([isPrivate(), readFileSync(other, "utf8")]).toEqual([true, "mine"]);
  });

  it.each([
    ["", /^proxies-sx export: --output .*: it is not a regular file\n$/],
    ["none/file", /^proxies-sx export: --output .*: it cannot be written \(E[A-Z]+\)\n$/],
  ])("where it cannot be written nothing is left: %j", async (name, words) => {
    const before = readdirSync(folder);
    const { code, err } = await run(["--state", state, "--output", join(folder, name), "--force"]);
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
    expect([
      readdirSync(folder),
      readdirSync(tmpdir()).filter((name) => name.startsWith(`${basename(folder)}.`)),
    ]).toEqual([before, []]);
  });
});

it.each<[string, string[], number, RegExp]>([
  ["no state", [], 2, /--stack NAME or --state FILE/],
  ["a stack without a name", ["--stack", ""], 2, /--stack is empty/],
  ["a format that is unknown", ["--state", "-", "--format", "toString"], 2, /txt, env, pac/],
  ["a protocol that is unknown", ["--state", "-", "--protocol", "ftp"], 2, /http, socks5, socks5h/],
  ["SOCKS5 for Scrapy", ["--state", "-", "--format", "scrapy", "--protocol", "socks5"], 2, /use --protocol http/],
  ["SOCKS5 for Chromium", ["--state", "-", "--format", "playwright", "--protocol", "socks5"], 2, /use --protocol http/],
  ["SOCKS5 for Squid", ["--state", "-", "--format", "squid", "--protocol", "socks5h"], 2, /use --protocol http/],
  ["--force without a file", ["--state", "-", "--force"], 2, /--output/],
  ["a key among the arguments", ["--state", "-", "psx_canary"], 2, /an argument that this command does not take/],
  ["a state that is empty", ["--state", "-"], 3, /the state of - is empty/],
  ["a folder that is none", ["--stack", "dev", "--cwd", "/none"], 3, /no folder/],
])("refuses %s in one line", async (_what, argv, code, message) => {
  const { err, ...rest } = await run(argv);
  expect(rest).toEqual({ code, out: "" });
  expect(err).toMatch(message);
  expect(err).toMatch(/^proxies-sx export: [^\n]+\n$/);
  expect(err).not.toContain("canary");
});

it("says what it leaves out, and exits 1 where nothing is left", async () => {
  writeFileSync(
    state,
    exported([proxyPort("a"), proxyPort("b", { status: "suspended" }), proxyPort("c", { status: "deleted" })]),
  );
  const some = await run(["--state", state]);
  expect([some.code, some.out]).toEqual([0, "http://own:[secret]@203.0.113.10:8000\n"]);
  expect(some.err).toMatch(/^Left out: b is suspended; c is gone\.\n/);
  const none = await run(["--state", state, "--fleet", "scraper", "--output", file]);
  expect(none).toEqual({ code: 1, out: "", err: 'There is no fleet "scraper": no given state has one.\n' });
  expect(readdirSync(folder)).not.toContain("proxies");
});

it("names the fleets that there are", async () => {
  const fleets = ["scraper", "crawler"].map((name) => ({
    urn: `urn:pulumi:dev::p::proxies-sx:index:ProxyFleet::${name}`,
    type: "proxies-sx:index:ProxyFleet",
  }));
  const of = async (name: string) => (await run(["--state", "-", "--fleet", name], {}, exported(fleets))).err;
  expect(await of("nope")).toBe('There is no fleet "nope": the states have crawler, scraper.\n');
  expect(await of("scraper")).toBe('There is no proxy to write of the fleet "scraper".\n');
});

it("what stands before a fleet: leaves out what Squid cannot send, and refuses SOCKS5 with several logins", async () => {
  const port = (name: string, login: string) => proxyPort(name, { proxyLogin: login, proxyPassword: secret("p") });
  const states = [
    port("a", "me"),
    port("b", "*"),
    port("c", "NEGOTIATE"),
    port("d", "x".repeat(127)),
    port("e", "x".repeat(126)),
  ];
  const squid = await run(["--state", "-", "--format", "squid", "--output", file], {}, exported(states));
  expect([squid.code, squid.out]).toEqual([0, ""]);
  expect(squid.err).toBe(
    "Left out: b has a login that Squid takes for a command; c has a login that Squid takes for a command; " +
      "d has a longer login than Squid sends.\n",
  );
  expect(readFileSync(file, "utf8").match(/(?<=name=)\S+/g)).toEqual(["a", "e"]);
  const socks = ["--state", "-", "--format", "haproxy", "--protocol", "socks5", "--force", "--output", file];
  const several = await run(socks, {}, exported(states));
  expect([several.code, several.out]).toEqual([2, ""]);
  expect(several.err).toMatch(/^proxies-sx export: HAProxy hands SOCKS5 through [^\n]* use --protocol http\n$/);
  expect(await run(socks, {}, exported([port("a", "me"), port("b", "me")]))).toEqual({ code: 0, out: "", err: "" });
});

it("leaves out a login that HTTP cannot carry, in each format that has logins", async () => {
  const port = (name: string, login: string) => proxyPort(name, { proxyLogin: login, proxyPassword: secret("p:q") });
  const state = exported([port("a", "me"), port("b", "team:b")]);
  for (const [format, { hasNoLogins, noSocks5 }] of Object.entries(FORMATS)) {
    const argv = ["--state", "-", "--format", format, "--show-secrets"];
    const { code, out, err } = await run(argv, {}, state);
    expect([format, code]).toEqual([format, 0]);
    expect(out).not.toMatch(/team(:|%3A)b/);
    expect(err).toBe(hasNoLogins ? "" : 'Left out: b has a login with ":", where HTTP ends it.\n');
    if (noSocks5 === undefined && format !== "haproxy")
      expect((await run([...argv, "--protocol", "socks5"], {}, state)).err).toBe("");
  }
});

it("--help names every option, format and exit code", async () => {
  const { code, out } = await run(["--help"]);
  expect(code).toBe(0);
  for (const word of ["stack", "state", "cwd", "fleet", "format", "protocol", "output", "force", "show-secrets"])
    expect(out).toContain(`--${word}`);
  for (const format of Object.keys(FORMATS)) expect(out).toContain(format);
  expect(out).toMatch(/0 written, 1 .*, 2 wrong usage, 3 /);
});
