import { createRequire } from "node:module";
import { must } from "../scripts/child.mjs";
import { note, step } from "../scripts/progress.mjs";
import { cachedEngine, hasRandomPlugin, isComplete, randomPlugin, wanted } from "./locate.js";
import { publish, withStaging } from "./staging.mjs";

/** Where both Pulumi's installer and the plugins of its CLI come from. */
const HOST = "https://get.pulumi.com";
const PROBE_MS = 5_000;
const DOWNLOAD_MS = 5 * 60_000;

/** Lets the official npm package `pulumi` fetch the CLI. Answers whether there is one now. */
export function downloadEngine() {
  return download(`downloading Pulumi ${wanted.pulumi}`, async (home) => {
    const downloader = createRequire(import.meta.url).resolve("pulumi/run.js");
    await must(process.execPath, [downloader, "version"], { env: environment(home), deadlineMs: DOWNLOAD_MS });
    if (!isComplete(cachedEngine(home))) throw new Error("it lacks the Node.js language host");
    publish(cachedEngine(home), cachedEngine());
  });
}

/** Lets the CLI fetch the plugin of @pulumi/random. Answers whether there is one now. */
export function downloadRandomPlugin({ pulumi }) {
  return download(`downloading the random plugin ${wanted.random}`, async (home) => {
    const args = ["plugin", "install", "resource", "random", wanted.random];
    await must(pulumi, args, { env: environment(home), deadlineMs: DOWNLOAD_MS });
    if (!hasRandomPlugin(home)) throw new Error("the CLI put it somewhere else");
    publish(randomPlugin(home), randomPlugin());
  });
}

async function download(title, fetchInto) {
  if (!(await isReachable())) return false;
  try {
    await step(title, () => withStaging(fetchInto));
    return true;
  } catch (error) {
    note(`the download failed: ${error.message.trim().split("\n").at(-1).trim()}`);
    return false;
  }
}

const environment = (home) => ({
  ...process.env,
  PULUMI_HOME: home,
  PULUMI_VERSION: wanted.pulumi,
  PULUMI_SKIP_UPDATE_CHECK: "1",
});

let reachable;

/** Asked once, with a short deadline: a download itself may take minutes to give up. */
function isReachable() {
  reachable ??= fetch(`${HOST}/install.sh`, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) })
    .then(({ ok }) => ok)
    .catch(() => false)
    .then((yes) => {
      if (!yes) note(`${HOST} cannot be reached from here`);
      return yes;
    });
  return reachable;
}
