import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, must } from "../scripts/child.mjs";
import { note, step } from "../scripts/progress.mjs";
import { cachedEngine, randomPlugin, wanted } from "./locate.js";
import { publish, withStaging } from "./staging.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const BUILD_MS = 30 * 60_000;

const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
const OTHER_WAYS = [
  `install Pulumi ${wanted.oldestPulumi} or newer: https://www.pulumi.com/docs/install/`,
  "allow this machine to reach https://get.pulumi.com",
];
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Builds the CLI, the Node.js language host and the launcher of dynamic providers: README.md says why each. */
export async function buildEngine() {
  await requireGo();
  requirePinned("cli", wanted.pulumi);
  note("building Pulumi from its Go modules: about 6 minutes on 2 cores, once");
  await withStaging(async (staging) => {
    const bin = cachedEngine(staging);
    mkdirSync(bin, { recursive: true });
    const version = ["-ldflags", `-s -w -X ${VERSION_VARIABLE}=v${wanted.pulumi}`];
    await step("building pulumi (1 of 3)", () => build("cli", [...version, "-o", path.join(bin, "pulumi"), CLI]));
    await step("building the Node.js language host (2 of 3)", () =>
      build("language-nodejs", ["-ldflags", "-s -w", "-o", path.join(bin, "pulumi-language-nodejs"), LANGUAGE_HOST]),
    );
    await copyLauncher(bin);
    publish(bin, cachedEngine());
  });
}

/** Builds the plugin of @pulumi/random around the Terraform provider that Pulumi's own wraps. */
export async function buildRandomPlugin() {
  await requireGo();
  await withStaging(async (staging) => {
    const folder = randomPlugin(staging);
    mkdirSync(folder, { recursive: true });
    const target = path.join(folder, "pulumi-resource-random");
    await step("building the random plugin (3 of 3)", () =>
      build("random", ["-trimpath", "-ldflags", "-s -w", "-o", target, "."]),
    );
    publish(folder, randomPlugin());
  });
}

/** A module cache holds no run bits, so the script gets its own here. */
async function copyLauncher(bin) {
  const sdk = await moduleFolder("cli", "github.com/pulumi/pulumi/sdk/v3");
  const launcher = path.join(bin, "pulumi-resource-pulumi-nodejs");
  copyFileSync(path.join(sdk, "nodejs", "dist", "pulumi-resource-pulumi-nodejs"), launcher);
  chmodSync(launcher, 0o755);
}

/** Where Go keeps a module, of the version that one of the modules here names. */
export async function moduleFolder(module, of) {
  return (await go(module, ["list", "-m", "-f", "{{.Dir}}", of])).output.trim();
}

// Explicit, since a user's GOFLAGS may say otherwise; -buildvcs asks git about a clone that may have another owner.
export const build = (module, args) => go(module, ["build", "-mod=readonly", "-buildvcs=false", ...args]);

function go(module, args) {
  return must("go", args, { cwd: path.join(here, module), deadlineMs: BUILD_MS });
}

/** Fails, where there is no Go that will do, with what cannot be built then, and with what else would help. */
export async function requireGo(lack = "There is no way to get the Pulumi engine here.", others = OTHER_WAYS) {
  const needed = /^go (\S+)$/m.exec(goMod("cli"))[1];
  try {
    // Inside the module Go checks its own version against what go.mod asks for, and may fetch a newer toolchain.
    await must("go", ["list", "-m"], { cwd: path.join(here, "cli"), deadlineMs: 5 * 60_000 });
  } catch (error) {
    const why = error.code === "ENOENT" ? "There is no `go` on PATH." : error.message;
    throw new Failure(
      [
        `${lack} ${why}`,
        others.length > 0 ? "Any one of these helps:" : "This helps:",
        ...[...others, `install Go ${needed} or newer: https://go.dev/doc/install`].map((way) => `  - ${way}`),
      ].join("\n"),
    );
  }
}

function requirePinned(module, version) {
  if (goMod(module).includes(`/pkg/v3 v${version}\n`)) return;
  throw new Failure(
    `engine/${module}/go.mod does not pin Pulumi ${version}, which package.json asks for: bring the two in step.`,
  );
}

const goMod = (module) => readFileSync(path.join(here, module, "go.mod"), "utf8");
