import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi } from "../api";
import { type Emulator, startEmulator } from "../emulator";
import { type Case, type Job } from "./case";
import { run } from "./command";
import { type Life } from "./figures";
import { requestsIn, storm, worldOf } from "./vendor";

const STEPS: [string, Job][] = [
  ["create", "first up"],
  ["refresh", "refresh"],
  ["change", "10 % changed"],
  ["destroy", "destroy"],
];

/** The same jobs by curl, `parallel` calls at a time, and once more through a storm. */
export async function scriptLife(which: Case, jobs: readonly Job[], parallel: number): Promise<Life> {
  const life: Life = {};
  await inWorld(which, parallel, async (emulator, step) => {
    for (const [name, job] of STEPS.filter(([, one]) => jobs.includes(one)))
      life[job] = { ...(await step(name)), requests: requestsIn(emulator.control) };
  });
  if (!jobs.includes("up in a storm of 429")) return life;
  await inWorld(which, parallel, async (emulator, step) => {
    const calm = storm(emulator.control);
    life["up in a storm of 429"] = { ...(await step("create")), requests: requestsIn(emulator.control) };
    calm();
  });
  return life;
}

type Step = (name: string) => ReturnType<typeof run>;

async function inWorld(
  which: Case,
  parallel: number,
  jobs: (emulator: Emulator, step: Step) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(worldOf(which));
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-bench-"));
  try {
    const api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url });
    const countries = await api.reference.countries();
    api.close();
    const env = {
      ...process.env,
      PROXIES_API_KEY: emulator.apiKey,
      PROXIES_API_URL: emulator.url,
      PORTS: String(which.ports),
      CHANGED: String(Math.ceil(which.ports / 10)),
      PARALLEL: String(parallel),
      COUNTRY: countries.find(({ code }) => code === "DE")?.id,
    };
    await jobs(emulator, (name) => {
      emulator.control.clearRequests();
      return run({ file: "sh", args: [join(__dirname, "contenders", "script.sh"), name], cwd: folder, env });
    });
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
