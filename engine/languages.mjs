import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { withLock } from "../scripts/lock.mjs";
import { note, step } from "../scripts/progress.mjs";
import { build, moduleFolder, requireGo } from "./build.mjs";
import { cacheRoot, isExecutable, wanted } from "./locate.js";
import { publish, withStaging } from "./staging.mjs";

const SDK = "github.com/pulumi/pulumi/sdk/v3";

/** What runs programs of other languages than Node's: the module of this folder that pins it, and its package. */
const HOSTS = {
  "pulumi-language-python": ["language-nodejs", `${SDK}/python/cmd/pulumi-language-python`],
  "pulumi-language-go": ["language-go", `${SDK}/go/pulumi-language-go`],
  "pulumi-language-yaml": ["cli", "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"],
};
/** By which the host of Python starts a program. */
const PYTHON_LAUNCHER = "pulumi-language-python-exec";

/** Pulumi's own download has all of them; an engine of a build gets them here. Gives the folder that they are in. */
export async function ensureLanguages(engine) {
  const built = path.join(cacheRoot(), "languages", wanted.pulumi);
  if (isComplete(engine.bin)) return engine.bin;
  if (!isComplete(built)) await withLock("languages", () => isComplete(built) || buildInto(built));
  return built;
}

const isComplete = (bin) =>
  [...Object.keys(HOSTS), PYTHON_LAUNCHER].every((name) => isExecutable(path.join(bin, name)));

async function buildInto(place) {
  await requireGo("There is no way to get the hosts of YAML, Python and Go programs here.");
  note("building the hosts of YAML, Python and Go from Pulumi's Go modules: about 3 minutes on 2 cores, once");
  await withStaging(async (staging) => {
    const bin = path.join(staging, "bin");
    mkdirSync(bin);
    for (const [name, [module, source]] of Object.entries(HOSTS))
      await step(`building ${name}`, () => build(module, ["-ldflags", "-s -w", "-o", path.join(bin, name), source]));
    const launcher = path.join(bin, PYTHON_LAUNCHER);
    copyFileSync(path.join(await moduleFolder("language-nodejs", SDK), "python", "cmd", PYTHON_LAUNCHER), launcher);
    chmodSync(launcher, 0o755); // a module cache holds no run bits
    publish(bin, place);
  });
}
