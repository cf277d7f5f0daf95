import childProcess from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { exportStack, isGoingOn, lastRun, readStack, runBegan, runName } from "../../../provider/hosts/stack-export";
import { type CliError, runPulumi } from "../../../provider/hosts/pulumi-cli";

interface Ran {
  file: string;
  args: string[];
  options: { cwd?: string; env: NodeJS.ProcessEnv; timeout: number; killSignal: string; maxBuffer: number };
}
type Answer = [error: object | null, stdout?: string, stderr?: string];

let ran: Ran[];
let ended: boolean;
beforeEach(() => [(ran = []), (ended = false)]);
afterEach(() => jest.restoreAllMocks());

/** In the place of processes: each call is noted, and has the answer of its program. */
function answering(answerOf: (file: string) => Answer): void {
  const run = (file: string, args: string[], options: Ran["options"], done: (...answer: Answer) => void) => {
    ran.push({ file, args, options });
    done(...answerOf(file));
    const stdin = { on: () => stdin, end: () => void (ended = true) };
    return { stdin };
  };
  jest.spyOn(childProcess, "execFile").mockImplementation(run as never);
}
const refused = (error: object, stdout = "", stderr = ""): Promise<CliError> => {
  answering(() => [Object.assign(new Error("failed"), error), stdout, stderr]);
  return runPulumi(["up"], { env: {}, deadlineMs: 5_000 }).then(
    () => Promise.reject(new Error("it did not fail")),
    (why: CliError) => why,
  );
};

const missing: Answer = [Object.assign(new Error("none"), { code: "ENOENT" })];

describe("Pulumi's command", () => {
  it("is asked with nobody to answer it, for a minute at most", async () => {
    answering(() => [null, "told"]);
    expect(await runPulumi(["stack", "ls"], { env: { HOME: "/h" } })).toBe("told");
    expect(ran).toEqual([
      {
        file: "pulumi",
        args: ["stack", "ls", "--non-interactive", "--color=never"],
        options: {
          cwd: undefined,
          env: { HOME: "/h", PULUMI_SKIP_UPDATE_CHECK: "1" },
          timeout: 60_000,
          killSignal: "SIGKILL",
          maxBuffer: 256 * 1_024 * 1_024,
        },
      },
    ]);
    expect(ended).toBe(true);
  });

  it("has the deadline and the signal that it is given", async () => {
    answering(() => [null, ""]);
    await runPulumi([], { env: {}, cwd: "/p", deadlineMs: 9, killSignal: "SIGTERM", file: "/bin/pulumi" });
    expect(ran[0]).toMatchObject({ file: "/bin/pulumi", options: { cwd: "/p", timeout: 9, killSignal: "SIGTERM" } });
  });

  it.each<[string, object, string, string, string]>([
    ["is not there", { code: "ENOENT" }, "", "no CLI", "pulumi is not on the PATH"],
    [
      "writes too much",
      { code: "ERR_CHILD_PROCESS_STDIO_MAXBUFFER", killed: true },
      "",
      "too large",
      "it wrote more than 256 MB",
    ],
    ["takes too long", { killed: true, code: null }, "error: killed", "too late", "it did not end within 5 s"],
    [
      "refuses",
      { code: 255 },
      "warning: old\nerror: no stack named 'x' found\nhint: error: none\n",
      "refused",
      "no stack named 'x' found",
    ],
    ["refuses in its own words", { code: 1 }, "first\nlast error: words\n \n", "refused", "last error: words"],
    ["says nothing", { code: 7 }, "\n", "refused", "exit code 7"],
  ])("that %s is reported", async (_what, error, stderr, reason, said) => {
    expect(await refused(error, "", stderr)).toMatchObject({ reason, said });
  });

  it("that refuses keeps what it wrote", async () => {
    expect((await refused({ code: 1 }, "{}", "error: x")).written).toBe("{}");
  });
});

describe("a stack is exported", () => {
  it("without the key and the settings that the engine gives in clear", async () => {
    answering(() => [null, "{}"]);
    const env = { PROXIES_API_KEY: "psx", PULUMI_CONFIG: "{}", PULUMI_CONFIG_PASSPHRASE: "p", HOME: "/h" };
    expect(await readStack("acme/shop/dev", { env })).toBe("{}");
    await readStack("dev", { env, showSecrets: true });
    expect(ran.map(({ args }) => args.slice(0, -2))).toEqual([
      ["stack", "export", "--stack=acme/shop/dev"],
      ["stack", "export", "--stack=dev", "--show-secrets"],
    ]);
    expect(ran[0]?.options.env).toEqual({ PULUMI_CONFIG_PASSPHRASE: "p", HOME: "/h", PULUMI_SKIP_UPDATE_CHECK: "1" });
  });

  const exports = () => exportStack("acme/shop/dev");

  it("by the CLI that runs this process, where none is on the PATH", async () => {
    processes({ [process.ppid]: { exe: "/usr/bin/node", parent: 40 }, 40: { exe: "/opt/p/pulumi", parent: 1 } });
    answering((file) => (file === "pulumi" ? missing : [null, "{}"]));
    expect(await exports()).toBe("{}");
    expect(ran.map(({ file }) => file)).toEqual(["pulumi", "/opt/p/pulumi"]);
  });

  it("not where there is none above either, and says so", async () => {
    processes({ [process.ppid]: { exe: "/usr/bin/pulumi-language-nodejs", parent: 1 } });
    answering(() => missing);
    expect(await exports()).toEqual({ why: "pulumi is not on the PATH", mayPass: false });
    expect(ran).toHaveLength(1);
    processes({});
    expect(await exports()).toEqual({ why: "pulumi is not on the PATH", mayPass: false });
  });

  it("not where it is refused, which may pass, and another CLI is not asked", async () => {
    processes({ [process.ppid]: { exe: "/opt/p/pulumi", parent: 1 } });
    answering(() => [Object.assign(new Error("no"), { code: 255 }), "", "error: passphrase must be set"]);
    expect(await exports()).toEqual({ why: "passphrase must be set", mayPass: true });
    expect(ran).toHaveLength(1);
  });

  it("and a fault of ours is thrown", async () => {
    jest.spyOn(childProcess, "execFile").mockImplementation(() => {
      throw new TypeError("ours");
    });
    await expect(exports()).rejects.toThrow("ours");
  });
});

describe("the last run that has ended", () => {
  const at = Date.parse("2026-01-01T00:00:00Z");
  const [startTime, endTime] = ["2025-12-31T23:59:00.000Z", "2026-01-01T00:00:00.000Z"];
  const last = { kind: "update", result: "succeeded", startTime, endTime, environment: {} };
  const whole = { at, began: at - 60_000, isWhole: true, followsWhole: false };
  const asked = (told: unknown): ReturnType<typeof lastRun> => {
    answering(() => [null, JSON.stringify(told)]);
    return lastRun("acme/shop/dev");
  };

  it("is the first of the history", async () => {
    expect(await asked([last, { ...last, endTime: "2025-01-01T00:00:00.000Z" }])).toEqual({
      ...{ ...whole, followsWhole: true },
    });
    expect(await asked([last, { ...last, result: "failed" }])).toEqual(whole);
    expect(await asked([{ ...last, startTime: undefined }])).toEqual({ ...whole, began: at });
    expect(ran[0]?.args.slice(0, 5)).toEqual(["stack", "history", "--stack=acme/shop/dev", "--json", "--page-size=50"]);
  });

  it("is the first of them that has an end: Pulumi Cloud lists the one under way too", async () => {
    const underWay = { ...last, result: "in-progress", endTime: undefined };
    expect(await asked([underWay, { ...last, result: "failed" }])).toEqual({ ...whole, isWhole: false });
  });

  it.each<[string, object, boolean]>([
    ["a destroy", { kind: "destroy" }, true],
    ["one without an environment", { environment: undefined }, true],
    ["one that failed", { result: "failed" }, false],
    ["a refresh", { kind: "refresh" }, false],
    ["one with --target", { environment: { "pulumi.flag.target": "true" } }, false],
    ["one with --exclude", { environment: { "pulumi.flag.exclude": "true" } }, false],
    ["one with --exclude-protected", { environment: { "pulumi.flag.exclude-protected": "true" } }, false],
  ])("of %s", async (_what, more, isWhole) => {
    expect(await asked([{ ...last, ...more }])).toEqual({ ...whole, isWhole });
  });

  it.each([[[]], [{}], [null], [[null]], [[{ ...last, endTime: "soon" }]], [[{ kind: "update" }]]])(
    "is not known by %j",
    async (told) => expect(await asked(told)).toBeUndefined(),
  );

  it("is not known where the command fails, or answers no JSON", async () => {
    answering(() => [Object.assign(new Error("no"), { code: 255 })]);
    expect(await lastRun("dev")).toBeUndefined();
    answering(() => [null, "no JSON"]);
    expect(await lastRun("dev")).toBeUndefined();
  });

  it("comes from the CLI that runs this process, where none is on the PATH", async () => {
    processes({ [process.ppid]: { exe: "/opt/p/pulumi", parent: 1 } });
    answering((file) => (file === "pulumi" ? missing : [null, JSON.stringify([last])]));
    expect(await lastRun("dev")).toEqual(whole);
  });
});

describe("the name of a run", () => {
  it("is that of its CLI and of when it started", () => {
    processes({ [process.ppid]: { exe: "/opt/p/pulumi", parent: 1, ticks: 97_000 } });
    expect(runName()).toBe(`${process.ppid}-97000`);
    expect([`${process.ppid}-97000`, `${process.ppid}-97001`, "1-97000", "x"].map(isGoingOn)).toEqual([
      ...[true, false, false, false],
    ]);
  });

  it("is not known without one above", () => {
    processes({});
    expect(runName()).toBeUndefined();
  });
});

describe("when the run began", () => {
  const NOW = 1_800_000_000_000;
  beforeEach(() => {
    jest.spyOn(Date, "now").mockReturnValue(NOW);
    jest.spyOn(os, "uptime").mockReturnValue(1_000);
    jest.spyOn(process, "uptime").mockReturnValue(5);
  });

  it("is when its CLI started, as the system reports", () => {
    processes({ [process.ppid]: { exe: "/opt/p/pulumi", parent: 1, ticks: 97_000, name: "a) (b" } });
    expect(runBegan()).toBe(NOW - 30_000);
  });

  it("is when this process started, where that is earlier or nothing else is known", () => {
    processes({ [process.ppid]: { exe: "/opt/p/pulumi", parent: 1, ticks: 99_900 } });
    expect(runBegan()).toBe(NOW - 5_000);
    processes({});
    expect(runBegan()).toBe(NOW - 5_000);
  });

  it("is when this process started by the system, without a CLI above", () => {
    processes({ [process.pid]: { exe: "/usr/bin/node", parent: 1, ticks: 99_000 } });
    expect(runBegan()).toBe(NOW - 10_000);
  });
});

/** What Linux reports of processes, by their numbers. */
function processes(all: Record<number, { exe: string; parent: number; ticks?: number; name?: string }>): void {
  const of = (path: unknown) => {
    const one = all[Number(String(path).split("/")[2])];
    if (!one) throw new Error("ENOENT");
    return one;
  };
  jest.spyOn(fs, "readlinkSync").mockImplementation(((path: string) => of(path).exe) as never);
  // pid (name) state ppid … start …: the numbers behind the name are S, the parent, and 17 others before the start.
  jest.spyOn(fs, "readFileSync").mockImplementation(((path: string) => {
    const { parent, ticks = 0, name = "pulumi" } = of(path);
    return `1 (${name}) S ${parent} ${"7 ".repeat(17)}${ticks} 8 9\n`;
  }) as never);
}
