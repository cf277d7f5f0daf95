import { readArguments } from "../../cli/commands/orphans-arguments";
import { orphansCommand } from "../../cli/commands/orphans";
import { hearing } from "./terminal";

const KEY = "psx_canary_of_arguments";

it("reads every option", () => {
  expect(
    readArguments(["--stack", "dev", "--stack=prod", "--stack", "dev", "--state", "-", "--cwd", "infra", "--json"]),
  ).toEqual({
    stacks: ["dev", "prod"],
    files: ["-"],
    cwd: "infra",
    json: true,
    action: "report",
    yes: false,
    holdsNone: [],
    onlyEnv: false,
  });
  expect(
    readArguments([
      "--stack",
      "dev",
      "--env",
      "--delete",
      "-y",
      "--holds-none",
      "dev",
      "--api-url",
      "http://localhost:1",
    ]),
  ).toMatchObject({
    action: "delete",
    yes: true,
    onlyEnv: true,
    holdsNone: ["dev"],
    apiUrl: "http://localhost:1",
    cwd: ".",
  });
  expect(readArguments(["--state", "a.json", "--adopt"])).toMatchObject({ action: "adopt", files: ["a.json"] });
});

it.each([
  [[], "--stack NAME or --state FILE"],
  [["--delete", "--yes"], "--stack NAME or --state FILE"],
  [["--stack", ""], "--stack is empty"],
  [["--state", " "], "--state is empty"],
  [["--stack", "dev", "--adopt", "--delete"], "not both"],
  [["--stack", "dev", "--yes"], "--yes goes with --delete"],
  [["--stack", "dev", "--holds-none", "dev"], "--holds-none goes with --delete"],
  [["--stack", "dev", "--delete", "--holds-none", "prod"], "--holds-none prod"],
  [["--stack", "dev", "--nonsense"], "--nonsense"],
  [["--stack"], "--stack"],
  [["--stack", "dev", "--delete"], "add --yes"],
])("%j is refused in one line before anything is asked", async (argv, why) => {
  const terminal = hearing({ PROXIES_API_KEY: KEY, PROXIES_API_URL: "http://127.0.0.1:9" });
  expect(await orphansCommand(argv, terminal)).toBe(2);
  expect(terminal.said).toEqual({ out: "", err: expect.stringMatching(/^proxies-sx orphans: [^\n]+\n$/) as unknown });
  expect(terminal.said.err).toContain(why);
});

it("--json --delete needs --yes also on a terminal: a question has no place in a report for programs", async () => {
  const terminal = hearing({ PROXIES_API_KEY: KEY }, { answer: "1" });
  expect(await orphansCommand(["--stack", "dev", "--json", "--delete"], terminal)).toBe(2);
  expect(terminal.said.err).toContain("--yes");
  expect(terminal.questions).toEqual([]);
});

it.each([[[KEY]], [["--api-key", KEY]], [[`--api-key=${KEY}`]], [["--stack", "dev", KEY]], [["--json=" + KEY]]])(
  "a key among the arguments is refused and not repeated: %#",
  async (argv) => {
    const terminal = hearing({});
    expect(await orphansCommand(argv, terminal)).toBe(2);
    expect(JSON.stringify(terminal.said)).not.toContain(KEY);
  },
);

it.each([
  [{}, [], "no API key: set PROXIES_API_KEY, or give --stack NAME"],
  [{ PROXIES_API_KEY: "canary-without-prefix" }, [], 'must start with "psx_"'],
  [{ PROXIES_API_KEY: KEY, PROXIES_API_URL: "http://example.com" }, [], "HTTP is allowed for localhost only"],
  [{ PROXIES_API_KEY: KEY }, ["--api-url", "https://me:canary@example.com"], "must not contain credentials"],
])("a key or URL that cannot work is wrong usage: %#", async (env, more, why) => {
  const terminal = hearing(env);
  expect(await orphansCommand(["--state", "-", ...more], terminal)).toBe(2);
  expect(terminal.said.err).toContain(why);
  expect(terminal.said.err).not.toContain("canary");
});

it("--help lists every option and exit code", async () => {
  const terminal = hearing({});
  expect(await orphansCommand(["--help"], terminal)).toBe(0);
  for (const word of ["stack", "state", "cwd", "api-url", "json", "adopt", "delete", "yes", "holds-none"])
    expect(terminal.said.out).toContain(`--${word}`);
  expect(terminal.said.out).toContain("0 no orphans, 1 orphans, 2 wrong usage, 3");
});
