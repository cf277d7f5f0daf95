import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Job, lastStep, runStep, workflow, workflowNames, workflowText } from "./workflow";

describe.each(workflowNames())("%s", (name) => {
  const { on, env, permissions, jobs } = workflow(name);
  const all = Object.values(jobs);
  const isSecret = (value: unknown): boolean => JSON.stringify(value ?? null).includes("secrets.");

  it("each job has the permissions that it names, and no other", () => {
    expect(permissions).toEqual({});
    const allowed = ["contents: read", "pull-requests: write", "issues: write"];
    for (const job of all) {
      const granted = Object.entries(job.permissions ?? {}).map(([scope, level]) => `${scope}: ${level}`);
      expect(granted).toHaveLength(1);
      expect(allowed).toEqual(expect.arrayContaining(granted));
    }
  });

  it("actions are pinned by a commit, with the version beside it", () => {
    const uses = workflowText(name).match(/uses:.*/g) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("secrets reach only the step that needs them, and no job that may write at GitHub", () => {
    expect(isSecret(env)).toBe(false);
    for (const { steps, ...job } of all) {
      expect(isSecret(job)).toBe(false);
      const having = steps.filter((step) => isSecret(step));
      expect(having.every((step) => step.run !== undefined && isSecret(step.env))).toBe(true);
      const writes = Object.values(job.permissions ?? {}).includes("write");
      expect(having).toHaveLength(writes ? 0 : 1);
    }
  });

  it("no script is put together from what others wrote, and none keeps the token of the checkout", () => {
    for (const step of all.flatMap(({ steps }) => steps)) {
      expect(step.run ?? "").not.toContain("${{");
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with).toMatchObject({ "persist-credentials": false });
    }
  });

  it("nothing runs without end, and no fork's code runs beside keys", () => {
    expect(all.every((job) => (job["timeout-minutes"] ?? 0) > 0)).toBe(true);
    expect(on).not.toHaveProperty("pull_request_target");
    if (!("pull_request" in on)) return;
    const withKeys = all.filter((job: Job) => isSecret(job.steps));
    for (const job of withKeys) {
      expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
      expect(JSON.stringify(job)).not.toMatch(/secrets\.PROXIES_API_KEY\b/); // the one that can buy
    }
  });
});

it("only jobs that apply may buy, and one after the other", () => {
  const buying = workflowNames().filter((name) => /secrets\.PROXIES_API_KEY\s/.test(workflowText(name)));
  expect(buying).toEqual(["renew.yml", "up.yml"]);
  for (const name of buying) {
    const [job] = Object.values(workflow(name).jobs);
    expect(job?.environment).toBe(name === "up.yml" ? "prod" : "renew"); // nobody is asked before a renewal
    expect(job?.steps.at(-1)?.run).toMatch(
      /^(timeout \d+m )?npx --no-install proxies-sx plan .* --limits limits\.json\n/,
    );
    expect(workflow(name).concurrency).toEqual({ group: "up", "cancel-in-progress": false });
  }
});

describe("a pull request is held to the limits of the branch that it would be merged into", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-base-"));
    for (const one of ["base", "bin"]) mkdirSync(join(folder, one));
    // Prints which limits it was given: what stands in the file.
    const npx =
      '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = --limits ] && { printf "held to "; cat "$2"; }; shift; done\n';
    writeFileSync(join(folder, "bin/npx"), npx, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const planned = async (): Promise<string> => {
    const PATH = `${join(folder, "bin")}:${process.env.PATH ?? ""}`;
    const env = { PATH, STACK: "prod", GITHUB_OUTPUT: join(folder, "outputs") };
    const { code, output } = await runStep(lastStep("plan.yml", "plan"), folder, env);
    expect(code).toBe(0);
    return output;
  };
  const limits = (where: string, maxPorts: number): void =>
    writeFileSync(join(folder, where), JSON.stringify({ maxPorts }));

  it("whatever it makes of its own", async () => {
    limits("base/limits.json", 5);
    limits("limits.json", 500);
    expect(await planned()).toMatch(/changes limits\.json: it is held to base\/limits\.json.*\nheld to {"maxPorts":5}/);
    expect(readFileSync(join(folder, "plan.md"), "utf8")).toBe('held to {"maxPorts":5}');
  });

  it("also where it takes them away", async () => {
    limits("base/limits.json", 5);
    expect(await planned()).toContain('held to {"maxPorts":5}');
  });

  it("to its own where it brings them in", async () => {
    limits("limits.json", 5);
    expect(await planned()).toBe('held to {"maxPorts":5}');
  });

  it("they are fetched from that branch, and from nowhere else", () => {
    const fetched = workflow("plan.yml").jobs.plan?.steps.filter(({ with: args }) => args?.path === "base");
    expect(fetched?.map(({ with: args }) => args?.ref)).toEqual(["${{ github.base_ref }}"]);
  });
});

it.each<[string, object, number]>([
  ["a port that stays", { does: "keep", why: [], inputs: [] }, 0],
  ["a renewal that is due", { does: "renew", why: ["lease due"], inputs: [] }, 0],
  ["one that releases an old port too", { does: "renew", why: ["lease due", "1 old port to release"], inputs: [] }, 0],
  ["an old port that is released", { does: "finish", why: ["1 old port to release"], inputs: [] }, 0],
  ["a port that is gone", { does: "renew", why: ["gone at the vendor"], inputs: [] }, 1],
  ["a lease that ended", { does: "renew", why: ["expired"], inputs: [] }, 1],
  ["a renewal to another place", { does: "renew", why: ["lease due"], inputs: ["country DE → PL"] }, 1],
  ["a port that was moved", { does: "move", why: [], inputs: ["country PL → DE"] }, 1],
])("drift: %s counts so many times", (_what, port, changes) => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-drift-"));
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ ports: [port], settings: [] }));
  const step = workflow("drift.yml").jobs.check?.steps.find(({ id }) => id === "check");
  const [, program = ""] = /node -p '([^']+)'/.exec(step?.run ?? "") ?? [];
  expect(execFileSync(process.execPath, ["-p", program], { cwd: folder }).toString()).toBe(`${changes}\n`);
  rmSync(folder, { recursive: true });
});

function has(program: string): boolean {
  try {
    return execFileSync(program, ["--version"]).length > 0;
  } catch {
    return false;
  }
}

(has("timeout") ? it : it.skip)(
  "a renewal that hangs fails before its job would be cancelled without a report",
  async () => {
    const { run = "" } = lastStep("renew.yml", "renew");
    const [, kill, minutes] = /timeout --kill-after (\d+)m (\d+)m /.exec(run) ?? [];
    const [, planning] = /timeout (\d+)m npx --no-install proxies-sx plan/.exec(run) ?? [];
    const whole = Number(planning) + Number(kill) + Number(minutes);
    expect(whole).toBeLessThan(workflow("renew.yml").jobs.renew?.["timeout-minutes"] ?? 0);
    const bin = mkdtempSync(join(tmpdir(), "proxies-sx-npx-"));
    writeFileSync(join(bin, "npx"), "#!/bin/sh\ncase $2 in pulumi) sleep 60 ;; esac\n", { mode: 0o755 });
    const PATH = `${bin}:${process.env.PATH ?? ""}`;
    const { code } = await runStep({ run: run.replace(` ${minutes}m `, " 0.2s ") }, bin, { PATH, STACK: "prod" });
    expect(code).toBe(124);
    rmSync(bin, { recursive: true });
  },
);

(has("jq") ? describe : describe.skip)("what is reported at GitHub", () => {
  let folder: string;
  let store: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-gh-"));
    store = join(folder, "store.json");
    mkdirSync(join(folder, "bin"));
    copyFileSync(join(__dirname, "fake-gh.js"), join(folder, "bin/gh"));
    chmodSync(join(folder, "bin/gh"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  interface Store {
    comments: { id: number; user: { type: string }; body: string }[];
    issues: { number: number; open: boolean; title: string; body: string }[];
  }
  const stored = (): Store =>
    existsSync(store) ? (JSON.parse(readFileSync(store, "utf8")) as Store) : { comments: [], issues: [] };

  async function run(name: string, job: string, env: Record<string, string>): Promise<void> {
    const PATH = `${join(folder, "bin")}:${process.env.PATH ?? ""}`;
    const { code, output } = await runStep(lastStep(name, job), folder, { PATH, GH_STORE: store, ...env });
    expect([code, output.replaceAll(/https?:\S+/g, "")]).toEqual([0, expect.any(String)]);
  }

  const comment = (TEXT: string) => run("plan.yml", "comment", { REPO: "a/b", NUMBER: "5", TEXT });

  it("one comment for each stack, written anew each time", async () => {
    const dev = "<!-- proxies-sx plan a/dev -->\n\n### `dev` $(touch hacked) `touch hacked`";
    await comment(`${dev} 1`);
    await comment("<!-- proxies-sx plan a/prod -->\n\nprod");
    await comment(`${dev} 2`);
    expect(stored().comments.map(({ body }) => body)).toEqual([
      `${dev} 2\n`,
      "<!-- proxies-sx plan a/prod -->\n\nprod\n",
    ]);
    expect(existsSync(join(folder, "hacked"))).toBe(false);
  });

  it("a comment that a person wrote is left alone", async () => {
    const text = "<!-- proxies-sx plan a/dev -->\n\nmine";
    writeFileSync(
      store,
      JSON.stringify({ comments: [{ id: 1, user: { type: "User" }, body: text }], issues: [], calls: [] }),
    );
    await comment("<!-- proxies-sx plan a/dev -->\n\nnew");
    expect(stored().comments).toHaveLength(2);
    expect(stored().comments[0]?.body).toBe(text);
  });

  it("renewals that fail are one issue, which the first that works closes", async () => {
    const renewal = (RESULT: string, RUN: string) =>
      run("renew.yml", "issue", { GH_REPO: "a/b", TITLE: "leases of prod", RESULT, RUN });
    await renewal("success", "run 1");
    expect(stored().issues).toEqual([]);
    await renewal("failure", "run 2");
    await renewal("failure", "run 3");
    expect(stored().issues).toMatchObject([
      { open: true, title: "leases of prod", body: expect.stringContaining("failed: run 3") as string },
    ]);
    await renewal("success", "run 4");
    expect(stored().issues).toMatchObject([{ open: false }]);
  });

  it("drift is one issue: opened, written anew, closed", async () => {
    const night = (CHANGES: string, TEXT: string) =>
      run("drift.yml", "issue", { GH_REPO: "a/b", TITLE: "drift of prod", CHANGES, TEXT });
    await night("0", "all well");
    expect(stored().issues).toEqual([]);
    await night("2", "two");
    await night("3", "three");
    expect(stored().issues).toMatchObject([{ open: true, title: "drift of prod", body: "three\n" }]);
    await night("0", "all well");
    expect(stored().issues).toMatchObject([{ open: false }]);
    await night("1", "one");
    expect(stored().issues.map(({ open }) => open)).toEqual([false, true]);
  });
});
