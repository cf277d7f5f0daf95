import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Of `engineEnvironment`'s passphrase, as `pulumi stack init` writes it. */
const SALT = "v1:AfJLvwkNBA4=:v1:xRa4CvOL+Ippu4a1:tkN1FRqFrCK9QUlWDi4xB7Ml/p+fWQ==";
/** The emulator's key, encrypted by that. */
const API_KEY = "v1:NW7CxmP03PsRwcUv:DojEkUhIXzo33qbIvDufN80IPkBE8iskIc7hdnY869Rsjr/6Cxj/k9x0J4dOkUjouEyE";

/**
 * The stack "dev", as `pulumi stack init` and two `pulumi config set` leave it: those take a second each, and each
 * test has a stack of its own. That the engine reads it so is seen by every run.
 */
export function writeFreshStack(stateDir: string, program: string, apiUrl: string): void {
  const project = projectNameOf(program);
  const stacks = join(stateDir, ".pulumi", "stacks", project);
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stateDir, ".pulumi", "meta.yaml"), "version: 1\n");
  const checkpoint = {
    stack: `organization/${project}/dev`,
    latest: {
      manifest: { time: new Date(0).toISOString(), magic: "", version: "" },
      secrets_providers: { type: "passphrase", state: { salt: SALT } },
      metadata: {},
    },
  };
  writeFileSync(join(stacks, "dev.json"), JSON.stringify({ version: 3, checkpoint }));
  const settings = join(program, "Pulumi.dev.yaml");
  // An example's own settings stay, below ours.
  const own = existsSync(settings) ? readFileSync(settings, "utf8").replace(/^config:\n/, "") : "";
  writeFileSync(
    settings,
    `encryptionsalt: ${SALT}
config:
  proxies-sx:apiKey:
    secure: ${API_KEY}
  proxies-sx:apiUrl: ${apiUrl}
${own}`,
  );
}

/** What a program may import. The engine looks through all that is there, at each start. */
export function linkPackages(program: string): void {
  const modules = join(program, "node_modules");
  mkdirSync(modules);
  for (const name of [".bin", "@pulumi", "@types", "axios", "pulumi-proxies-sx", "zod"])
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
}

export const projectNameOf = (program: string): string =>
  /^name: *(\S+)/m.exec(readFileSync(join(program, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
