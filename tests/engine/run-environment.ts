import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { engineEnvironment } from "../../engine/environment";
import { keyService } from "./key-service";

const QUICK_START = join(__dirname, "quick-start.js");
/** Benchmarks run the engine as users do. */
export const isTest = process.env.JEST_WORKER_ID !== undefined;

/**
 * Tests start what the engine needs quickly: a CLI that ends within seconds may as well keep its garbage, and looks
 * through the logs of its home at each start, which are none in a home of its own.
 */
export async function environmentIn(folder: string): Promise<Record<string, string>> {
  const env: Record<string, string> = {
    ...engineEnvironment({ stateDir: join(folder, "state") }),
    PULUMI_DEBUG_COMMANDS: "1",
  };
  if (!isTest) return env;
  const home = join(folder, "home");
  mkdirSync(home);
  for (const shared of ["plugins", "versions"])
    symlinkSync(join(env.PULUMI_HOME as string, shared), join(home, shared));
  const NODE_OPTIONS = `${env.NODE_OPTIONS ?? ""} --require ${QUICK_START}`.trim();
  return { ...env, PULUMI_HOME: home, GOGC: "400", NODE_OPTIONS, VAULT_SERVER_URL: await keyService() };
}
