import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptCommand } from "../../cli/commands/adopt";
import { type Emulator, startEmulator } from "../../emulator";
import { exported, heldPort, pending, renewedPort } from "./exported";
import { hearing, withoutSource } from "./terminal";

let emulator: Emulator;
let folder: string;
let file: string;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset();
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  file = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true }));

const buy = (order: Parameters<Emulator["control"]["buyPort"]>[0] = {}): string => emulator.control.buyPort(order).id;
const save = (...args: Parameters<typeof exported>): void => writeFileSync(file, exported(...args));
const imported = (text: string): string[] =>
  [...text.matchAll(/import: "([0-9a-f]{24})"/g)].map(([, id]) => id as string);

/** None of what is said may hold a secret, and nothing that is called may change anything. */
async function adopt(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { control, apiKey, url } = emulator;
  const terminal = hearing({ PROXIES_API_KEY: apiKey, PROXIES_API_URL: url });
  const code = await adoptCommand(argv, terminal);
  const { out } = terminal.said;
  const err = withoutSource(terminal.said.err);
  const secrets = control.ports().flatMap((port) => [port.proxyPassword, port.rotationToken]);
  for (const canary of [apiKey, "canary", ...secrets]) expect(out + err).not.toContain(canary);
  expect(control.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  return { code, out, err };
}

it("prints a program of every port, and what to do with it", async () => {
  const ids = [buy({ country: "DE", carrier: "Vodafone" }), buy({ country: "GB", slotType: "private" })];
  const { code, out, err } = await adopt();
  expect([code, imported(out)]).toEqual([0, ids]);
  expect(out).toMatch(/^import \* as proxies from "pulumi-proxies-sx";\n/);
  expect(out).toMatch(/There are no Credentials here\./);
  expect(err).toMatch(/^No state was compared[^]*\n2 ports\. Look through the program, .*`pulumi up`/);
});

it("prints JavaScript, to a file that did not exist", async () => {
  const id = buy();
  const { code, out, err } = await adopt("--language", "javascript", "--output", file);
  const text = readFileSync(file, "utf8");
  expect([code, out, imported(text)]).toEqual([0, "", [id]]);
  expect(text).toMatch(/^const proxies = require\("pulumi-proxies-sx"\);\n/);
  expect(err).toContain(`1 port. Look through ${file}`);
  expect(await adopt("--output", file)).toMatchObject({ code: 2, err: expect.stringContaining("exists") as string });
  expect(readFileSync(file, "utf8")).toBe(text);
});

it("takes what is named, in the order of the names, each once", async () => {
  const [a, b] = [buy(), buy(), buy()];
  const { out } = await adopt(b, a, a.toUpperCase());
  expect(imported(out)).toEqual([b, a]);
});

it("of many managed ports names some", async () => {
  const held = Array.from({ length: 12 }, () => buy());
  const free = buy();
  save(held.map((id, index) => heldPort(`p${index}`, id)));
  const { err } = await adopt("--state", file);
  const [line = ""] = /^Managed already, so left out: .*$/m.exec(err) ?? [];
  expect(line.match(/[0-9a-f]{24}/g)).toHaveLength(10);
  expect(line).toMatch(/ and 2 more\.$/);
  expect(imported((await adopt("--state", file)).out)).toEqual([free]);
});

it("leaves out what a state holds, takes no name that is taken, and says both", async () => {
  const [held, free] = [buy(), buy()] as [string, string];
  save([heldPort("proxy-2", held)], [pending("creating", heldPort("c", "", { id: undefined, outputs: {} }))]);
  const { code, out, err } = await adopt("--state", file);
  expect([code, imported(out)]).toEqual([0, [free]]);
  expect(out).toContain(`Port("proxy-2-${free.slice(-6)}"`);
  expect(err).toContain(`Managed already, so left out: ${held} (proxy-2 in ${file}).`);
  expect(err).toMatch(/Purchases or renewals under way, or broken off: c in/);
  expect(err).not.toContain("No state was compared");
});

it("never offers an old port of a renewal", async () => {
  const [serving, old, free] = [buy(), buy(), buy()] as [string, string, string];
  save([renewedPort("a", "f".repeat(24), serving, [{ portId: old, since: new Date().toISOString() }])]);
  const { code, out, err } = await adopt("--state", file);
  expect([code, imported(out)]).toEqual([0, [free]]);
  expect(err).toContain(`left out: ${serving} (a in ${file}), ${old} (old port of a in ${file}).`);
  expect(await adopt("--state", file, old)).toMatchObject({ code: 1, out: "" });
});

it("reports the same to a program, as JSON", async () => {
  const [held, id, over] = [buy(), buy(), buy()] as [string, string, string];
  emulator.control.editPort(over, { status: "expired" });
  save([heldPort("a", held)]);
  const { code, out } = await adopt("--state", file, "--json");
  const { ports, managed, program } = JSON.parse(out) as Record<string, unknown>;
  expect(code).toBe(0);
  expect(ports).toMatchObject([
    { id, slotType: "shared", isAdoptable: true, code: expect.stringMatching(/^new proxies\.Port/) as string },
    { id: over, isAdoptable: false, code: expect.stringMatching(/^\/\/ /) as string },
  ]);
  expect(managed).toMatchObject([{ id: held, state: file }]);
  expect(imported(program as string)).toEqual([id]);
});

describe("exits 1 where there is nothing to adopt, and prints no program", () => {
  it.each<[string, () => void, RegExp]>([
    ["no port", () => save([]), /^The account has no live port\.\nThere is nothing/],
    ["ports that are managed", () => save([heldPort("a", buy())]), /^Managed already, so left out: /],
    [
      "a port whose lease is over",
      () => {
        save([]);
        emulator.control.editPort(buy(), { status: "expired" });
      },
      /^Not to be adopted:\n\/\/ [0-9a-f]{24}: its lease is over/,
    ],
  ])("%s", async (_what, given, message) => {
    given();
    const { code, out, err } = await adopt("--state", file);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(message);
    const target = join(folder, "program");
    await adopt("--state", file, "--output", target);
    expect(() => readFileSync(target)).toThrow(/ENOENT/);
    expect(JSON.parse((await adopt("--state", file, "--json")).out)).not.toHaveProperty("program");
  });
});

it.each<[string, string[], number, RegExp]>([
  ["an id that is none", ["scraper"], 2, /24 hexadecimal digits/],
  ["an id that the account has not", ["0".repeat(24)], 3, /no live port 0{24}/],
  ["a language that is unknown", ["--language", "python"], 2, /typescript, javascript/],
  ["an option that is unknown", ["--all"], 2, /--all/],
  ["a stack without a name", ["--stack="], 2, /--stack is empty/],
  ["a key among the arguments", ["psx_canary"], 2, /24 hexadecimal digits/],
  ["a key as an option", ["--api-key=psx_canary"], 2, /--api-key/],
  ["a state that is none", ["--state", __filename], 3, /no JSON/],
  ["a file that cannot be", ["--output", join(__filename, "x")], 2, /cannot be written \(ENOTDIR\)/],
])("refuses %s in one line", async (_what, argv, code, message) => {
  buy();
  expect(await adopt(...argv)).toEqual({ code, out: "", err: expect.stringMatching(message) as string });
  expect((await adopt(...argv)).err).toMatch(/^proxies-sx adopt: [^\n]+\n$/);
});

it("a list that fails cannot be determined", async () => {
  emulator.control.addFault({ path: "/ports", status: 403, body: { message: `no ${emulator.apiKey}` } });
  expect(await adopt()).toMatchObject({ code: 3, out: "", err: expect.stringContaining("ports:read") as string });
  emulator.control.clearFaults();
});

it("--help names every option and exit code", async () => {
  const { code, out } = await adopt("--help");
  expect(code).toBe(0);
  for (const word of ["language", "output", "json", "stack", "state", "cwd", "api-url"])
    expect(out).toContain(`--${word}`);
  expect(out).toMatch(/0 a program was printed, 1 .*, 2 wrong usage, 3 /);
});
