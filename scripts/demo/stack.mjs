import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { engineEnvironment } from "../../engine/environment.js";
import { must } from "../child.mjs";
import { root } from "../project.mjs";
import { command, output } from "./screen.mjs";

const STACK = "demo";
const DEADLINE_MS = 3 * 60_000;

/** The root project as a stack whose state and settings lie in `folder`: the clone itself stays clean. */
export async function createStack({ engine, folder, colour = process.stdout.isTTY ? "always" : "never" }) {
  const project = path.join(folder, "project");
  const stateDir = path.join(folder, "state");
  mkdirSync(project);
  mkdirSync(stateDir);
  const run = (args, { cwd = root, onLine } = {}) =>
    must(engine.pulumi, [...args, "--non-interactive"], {
      cwd,
      env: engineEnvironment({ stateDir, engine }),
      onLine,
      deadlineMs: DEADLINE_MS,
    });

  // `stack init` alone has no option for the folder of the stack's settings: it runs on a copy of the project file there.
  copyFileSync(path.join(root, "Pulumi.yaml"), path.join(project, "Pulumi.yaml"));
  await run(["stack", "init", STACK, "--no-select"], { cwd: project });
  const settings = ["--stack", STACK, "--config-file", path.join(project, `Pulumi.${STACK}.yaml`)];
  const colours = ["--color", colour];
  const show = async (shown, args) => {
    command(shown);
    return (await run(args, { onLine: output })).output;
  };

  return {
    preview: () => show("pulumi preview", ["preview", ...settings, ...colours]),
    up: ({ flags = [], outputs = true } = {}) =>
      show(["pulumi up", ...flags].join(" "), [
        "up",
        "--yes",
        "--skip-preview",
        ...flags,
        ...(outputs ? [] : ["--suppress-outputs"]),
        ...settings,
        ...colours,
      ]),
    destroy: () => show("pulumi destroy", ["destroy", "--yes", "--skip-preview", ...settings, ...colours]),
    outputs: () => show("pulumi stack output", ["stack", "output", "--stack", STACK, ...colours]),
    exported: async () => (await run(["stack", "export", "--stack", STACK])).output,
    set: (key, value) => show(`pulumi config set ${key} '${value}'`, ["config", "set", key, value, ...settings]),
    setSecret: (key, value) =>
      show(`pulumi config set --secret ${key} …`, ["config", "set", "--secret", key, value, ...settings]),
  };
}
