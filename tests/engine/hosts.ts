import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Host } from "../../domain/kinds";
import { type Project } from "./project";

/** Where the set-up puts the plugin's one file. */
const PLUGIN = join(__dirname, "../../node_modules/.cache/pulumi-proxies-sx/plugin");

/** The engine finds the plugin for this project. */
export function offerPlugin({ program }: Project): void {
  if (!existsSync(PLUGIN)) throw new Error("There is no plugin yet: run `npm run setup` first.");
  const about = join(program, "Pulumi.yaml");
  if (readFileSync(about, "utf8").includes(PLUGIN)) return;
  appendFileSync(about, `plugins:\n  providers:\n    - name: proxies-sx\n      path: ${PLUGIN}\n`);
}

/** From now on this host carries out what the classes of the SDK make. */
export function useHost(project: Project, host: Host): void {
  offerPlugin(project);
  const settings = join(project.program, "Pulumi.dev.yaml");
  const others = readFileSync(settings, "utf8").replace(/^ *proxies-sx:host:.*\n/m, "");
  writeFileSync(settings, others.replace(/^config:\n/m, `config:\n  proxies-sx:host: ${host}\n`));
}
