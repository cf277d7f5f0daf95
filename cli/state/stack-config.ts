import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { CliError, forReading, runPulumi } from "../../provider/hosts/pulumi-cli";
import { clean, Redactor } from "../../text";
import { StateError } from "./stack-state";
import { checkFolder, cliFault } from "./state-source";

/** What a stack's configuration says of the account, or of other settings of this provider. */
export type StackConfig<Name extends string = "apiUrl" | "apiKey"> = { [One in Name]?: string } & {
  /** Why something of it could not be read, in one line. */
  fault?: string;
};

const listed = z.record(z.string(), z.object({ value: z.string().optional(), secret: z.boolean() }));

interface Place {
  stack: string;
  /** Folder of its Pulumi project. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  deadlineMs?: number;
}

export const readStackConfig = (place: Place): Promise<StackConfig> =>
  readStackSettings(["apiUrl", "apiKey"], place, "set PROXIES_API_KEY and leave --stack out");

/**
 * Reads settings of this provider by their names without "proxies-sx:", and decrypts no other: which there are is asked first, without secrets. What
 * Pulumi refuses, such as a secret without the passphrase, is a fault.
 *
 * @throws StateError where no stack could be read: no CLI, no folder, no answer.
 */
export async function readStackSettings<Name extends string>(
  names: readonly Name[],
  { stack, cwd, env, deadlineMs }: Place,
  otherwise: string,
): Promise<StackConfig<Name>> {
  checkFolder(cwd);
  const project = projectIn(cwd);
  const [, wanted] = /^[^/]+\/([^/]+)\/[^/]+$/.exec(stack) ?? [];
  // Pulumi would read the configuration of this project's stack of the same name.
  if (wanted !== undefined && project !== undefined && wanted !== project) {
    return { fault: `the folder's project is ${clean(project)}, not ${clean(wanted)}` };
  }
  const read = async (command: string[]): Promise<string> => {
    try {
      return await runPulumi([...command, `--stack=${stack}`], { cwd, env: forReading(env), deadlineMs });
    } catch (error) {
      if (error instanceof CliError && error.reason === "refused") throw error;
      throw cliFault(error, `${command.join(" ")} --stack=${stack}`, env, otherwise);
    }
  };
  const found: { [One in Name]?: string } = {};
  try {
    const config = configIn(await read(["config", "--json"]), stack);
    for (const name of names) {
      const { secret, value } = config[`proxies-sx:${name}`] ?? {};
      const text = secret ? (await read(["config", "get", `proxies-sx:${name}`])).replace(/\r?\n$/, "") : value;
      if (text) found[name] = text;
    }
    return found;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...found, fault: new Redactor([env.PROXIES_API_KEY]).line(error.said) };
  }
}

function configIn(text: string, stack: string): z.output<typeof listed> {
  try {
    return listed.parse(JSON.parse(text));
  } catch {
    throw new StateError(`\`pulumi config --json --stack=${stack}\` wrote what is no configuration`);
  }
}

/** The name of the project that Pulumi finds from a folder upwards, if it is written plainly. */
function projectIn(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].map((name) => join(folder, name)).find(existsSync);
    if (file !== undefined) return /^["']?name["']?\s*:\s*["']?([\w.-]+)/m.exec(readFileSync(file, "utf8"))?.[1];
    if (folder === dirname(folder)) return undefined;
  }
}
