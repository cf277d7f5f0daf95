import childProcess from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAhead, readFirst } from "../../../provider/hosts/read-ahead";
import { cliAbove, exportStack, runBegan, runName } from "../../../provider/hosts/stack-export";
import { leaveWord, wordOf } from "../../../provider/hosts/word";

jest.mock("../../../provider/hosts/stack-export", () => ({
  ...{ runName: jest.fn(), cliAbove: jest.fn() },
  ...{ exportStack: jest.fn(), runBegan: jest.fn() },
}));
jest.mock("../../../provider/hosts/word", () => ({ leaveWord: jest.fn(), wordOf: jest.fn() }));

const STACK = "organization/shop/dev";
const port = { urn: "urn:pulumi:dev::shop::proxies-sx:index:Port::a", type: "proxies-sx:index:Port" };
const pending = [{ type: "updating", resource: port }];
const manifest = { time: "2026-01-01T00:00:00Z" };

let words: Map<string, string>;
let folder: string;
let asked: jest.SpyInstance;
beforeEach(() => {
  words = new Map();
  jest.mocked(runName).mockReturnValue("10-500");
  jest.mocked(runBegan).mockReturnValue(Date.parse("2026-01-02T00:00:00Z"));
  jest.mocked(leaveWord).mockImplementation((about, text) => void words.set(about, text));
  jest.mocked(wordOf).mockImplementation((about) => words.get(about));
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-backend-"));
  asked = jest.spyOn(childProcess, "execFileSync").mockImplementation(() => {
    throw new Error("no CLI");
  });
  backendIs(`file://${folder}`);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const backendIs = (url: string): void =>
  void jest.replaceProperty(process, "env", { ...process.env, PULUMI_BACKEND_URL: url, PROXIES_API_KEY: "psx_key" });
function stateFile(text: string): void {
  const stacks = join(folder, ".pulumi", "stacks", "shop");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, "dev.json"), text);
}
const left = (): unknown => {
  const word = words.get(`state ${STACK}`);
  return word && JSON.parse(word);
};

it("of a backend in a folder, its own file shows what did not end", () => {
  stateFile(JSON.stringify({ checkpoint: { latest: { manifest, pending_operations: pending } } }));
  readAhead(STACK, false);
  expect(left()).toMatchObject({ manifest, pending_operations: pending });
  expect(asked).not.toHaveBeenCalled();
});

it("of any other backend Pulumi's command shows it, without the key and with a deadline", () => {
  backendIs("https://api.pulumi.com");
  asked.mockReturnValue(JSON.stringify({ deployment: { manifest, pending_operations: pending } }));
  readAhead(STACK, false);
  expect(left()).toMatchObject({ manifest, pending_operations: pending });
  const [file, args, options] = asked.mock.calls[0] as [string, string[], { env: object; timeout: number }];
  expect([file, ...args]).toEqual(expect.arrayContaining(["pulumi", "export", `--stack=${STACK}`]));
  expect(options.env).not.toHaveProperty("PROXIES_API_KEY");
  expect(options.timeout).toBe(20_000);
});

it("the CLI that runs the program is asked, which need not be on the PATH", () => {
  backendIs("https://api.pulumi.com");
  jest.mocked(cliAbove).mockReturnValueOnce({ pid: 10, file: "/opt/pulumi/bin/pulumi" });
  readAhead(STACK, false);
  expect(asked).toHaveBeenCalledWith("/opt/pulumi/bin/pulumi", expect.anything(), expect.anything());
});

it("the command is asked too where a folder has no such file", () => {
  readAhead(STACK, false);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(left()).toBeUndefined();
});

it.each([
  ["nothing is open", JSON.stringify({ checkpoint: { latest: { manifest } } })],
  [
    "what is open is another vendor's",
    JSON.stringify({ checkpoint: { latest: { pending_operations: [{ resource: { type: "aws" } }] } } }),
  ],
  ["the state is half a file", '{ "pending_operations"'],
  ["the state is empty", '{ "checkpoint": {}, "pending_operations": [] }'],
])("nothing is left where %s", (_what, text) => {
  stateFile(text);
  readAhead(STACK, false);
  expect(left()).toBeUndefined();
});

it("a preview reads nothing, and the update after it neither: the preview's providers do", () => {
  stateFile(JSON.stringify({ checkpoint: { latest: { manifest, pending_operations: pending } } }));
  readAhead(STACK, true);
  readAhead(STACK, false);
  expect(left()).toBeUndefined();
  readAhead("organization/shop/prod", false);
  expect(asked).toHaveBeenCalledTimes(1);
});

it("without a run that is known, nothing is read and nothing is left", async () => {
  jest.mocked(runName).mockReturnValue(undefined);
  stateFile(JSON.stringify({ checkpoint: { latest: { manifest, pending_operations: pending } } }));
  readAhead(STACK, true);
  readAhead(STACK, false);
  await readFirst(STACK);
  expect([words.size, asked.mock.calls.length]).toEqual([0, 0]);
});

describe("of programs in other languages, and of inline ones", () => {
  const open = JSON.stringify({ checkpoint: { latest: { manifest, pending_operations: pending } } });

  it("no provider reads it where the program has, and the first one does where the program could not", async () => {
    backendIs("https://api.pulumi.com");
    jest.mocked(exportStack).mockResolvedValue(open);
    asked.mockReturnValueOnce("{}");
    readAhead(STACK, false);
    await readFirst(STACK);
    expect([jest.mocked(exportStack).mock.calls.length, left()]).toEqual([0, undefined]);

    words.clear();
    readAhead(STACK, false);
    await readFirst(STACK);
    expect(left()).toMatchObject({ pending_operations: pending });
  });

  it("the first provider of a run reads it, and no other", async () => {
    stateFile(open);
    await readFirst(STACK);
    expect(left()).toMatchObject({ manifest, pending_operations: pending });
    words.delete(`state ${STACK}`);
    await readFirst(STACK);
    expect(left()).toBeUndefined();
  });

  it("of a backend that is no folder, Pulumi's command shows it", async () => {
    jest
      .mocked(exportStack)
      .mockResolvedValue(JSON.stringify({ deployment: { manifest, pending_operations: pending } }));
    await readFirst(STACK);
    expect(left()).toMatchObject({ pending_operations: pending });
  });

  it.each([
    ["the program or its preview has read it", () => readAhead(STACK, true)],
    ["this run has saved it before", () => void jest.mocked(runBegan).mockReturnValue(0)],
    ["it cannot be read", () => rmSync(folder, { recursive: true })],
  ])("nothing is left where %s", async (_what, given) => {
    stateFile(open);
    jest.mocked(exportStack).mockResolvedValue({ why: "no stack", mayPass: true });
    given();
    await readFirst(STACK);
    expect(left()).toBeUndefined();
  });
});
