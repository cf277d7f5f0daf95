import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EMULATOR_KEY } from "../../emulator";
import { encrypt } from "./stack-secrets";

const ROOT = join(__dirname, "../..");

/** How a stack's secrets are encrypted: in the form of settings and in that of a state. */
export interface Keys {
  settings: Record<string, string>;
  state: object;
}
/** Of `engineEnvironment`'s passphrase, as `pulumi stack init` writes it. */
const SALT = "v1:AfJLvwkNBA4=:v1:xRa4CvOL+Ippu4a1:tkN1FRqFrCK9QUlWDi4xB7Ml/p+fWQ==";
export const BY_PASSPHRASE: Keys = {
  settings: { encryptionsalt: SALT },
  state: { type: "passphrase", state: { salt: SALT } },
};
const [URL, ENCRYPTED] = ["hashivault://tests", Buffer.from("vault:v1:tests").toString("base64")];
/** See key-service.ts. */
export const BY_SERVICE: Keys = {
  settings: { secretsprovider: URL, encryptedkey: ENCRYPTED },
  state: { type: "cloud", state: { url: URL, encryptedkey: ENCRYPTED } },
};

/**
 * The stack "dev", as `pulumi stack init` and two `pulumi config set` leave it: those take a second each, and each
 * test has a stack of its own. That the engine reads it so is seen by every run.
 */
export function writeFreshStack(stateDir: string, program: string, apiUrl: string, keys = BY_SERVICE): void {
  const project = projectNameOf(program);
  const stacks = join(stateDir, ".pulumi", "stacks", project);
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stateDir, ".pulumi", "meta.yaml"), "version: 1\n");
  const checkpoint = {
    stack: `organization/${project}/dev`,
    latest: {
      manifest: { time: new Date(0).toISOString(), magic: "", version: "" },
      secrets_providers: keys.state,
      metadata: {},
    },
  };
  writeFileSync(join(stacks, "dev.json"), JSON.stringify({ version: 3, checkpoint }));
  const settings = join(program, "Pulumi.dev.yaml");
  // An example's own settings stay.
  const own = existsSync(settings) ? (parse(readFileSync(settings, "utf8")) as { config?: object }) : {};
  const config = { "proxies-sx:apiKey": { secure: encrypt(EMULATOR_KEY) }, "proxies-sx:apiUrl": apiUrl };
  writeFileSync(settings, stringify({ ...keys.settings, config: { ...own.config, ...config } }));
}

/**
 * What programs in a folder, or below it, may import. The engine looks through all that is in the folder of a program
 * at each start, and through what is linked there: that is this whole repository, and takes a sixth of a run.
 */
export function linkPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of [".bin", "@pulumi", "@types", "axios", "pulumi-proxies-sx", "zod"])
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
}

export const projectNameOf = (program: string): string =>
  /^name: *(\S+)/m.exec(readFileSync(join(program, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
