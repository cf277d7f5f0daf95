import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportCommand } from "../../cli/export";
import { Project } from "../engine/project";
import { login, port } from "../engine/resources";
import { hearing } from "./terminal";

jest.setTimeout(300_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  project.declare(port("a"), port("b"), login("l", "b", { proxyLogin: "team-a", proxyPassword: "canary-of-export" }));
  await project.up();
});
afterAll(() => project.close());

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = hearing({ ...project.env });
  const code = await exportCommand(["--stack", "dev", "--cwd", project.program, ...argv], terminal);
  return { code, ...terminal.said };
}

async function urls(): Promise<string[]> {
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  return [httpUrls.a as string, httpUrls.l as string];
}

it("writes each port with the login that it asks for, to a file of this user alone", async () => {
  const file = join(project.folder, "proxies.txt");
  expect(await run("--output", file)).toMatchObject({ code: 0, out: "", err: "" });
  expect(readFileSync(file, "utf8").trim().split("\n").sort()).toEqual((await urls()).sort());
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("overwrites nothing, unless it is told to", async () => {
  const file = join(project.folder, "kept.txt");
  writeFileSync(file, "mine");
  expect(await run("--output", file)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/exists already/) as string,
  });
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect((await run("--output", file, "--force")).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("masks passwords on the terminal, and shows them on demand", async () => {
  const passwords = (await urls()).map((url) => new URL(url).password);
  const masked = await run("--format", "requests");
  expect(masked.out.match(/\[secret\]/g)).toHaveLength(4);
  for (const password of passwords) expect(masked.out + masked.err).not.toContain(password);
  const shown = await run("--show-secrets");
  for (const password of passwords) expect(shown.out).toContain(password);
});

it("says what it leaves out", async () => {
  const id = await project.id("a");
  project.emulator.control.editPort(id, { status: "suspended" });
  await project.refresh();
  const { out, err } = await run();
  expect(out).toMatch(/^http:\/\/team-a:\[secret\]@/);
  expect(err).toMatch(/Left out, .*: a\./);
});

it.each<[string, string[], number, RegExp]>([
  ["a format that is unknown", ["--format", "xml"], 2, /txt, env, pac/],
  ["a stack that does not exist", ["--stack", "nowhere"], 3, /`pulumi stack export --stack=nowhere` failed/],
  ["a fleet without members", ["--fleet", "none"], 1, /no proxy to write/],
])("refuses %s in one line", async (_what, argv, code, message) => {
  const { err, ...rest } = await run(...argv);
  expect(rest.code).toBe(code);
  expect(err).toMatch(message);
});
