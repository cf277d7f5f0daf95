import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { Project } from "../engine/project";
import { offerPlugin } from "../engine/hosts";

/** A program in YAML: no process of its own, no SDK. */
export interface YamlProgram {
  resources: Record<string, { type: string; properties?: object; options?: object; defaultProvider?: boolean }>;
  variables?: object;
  outputs?: object;
  config?: object;
}

type Plugin = "as it was built" | "installed";

/** A stack of a YAML program on the real engine. An installed plugin is found without the program's help. */
export async function openYamlProject(
  first: YamlProgram,
  plugin: Plugin = "as it was built",
): Promise<{
  project: Project;
  declare: (program: YamlProgram) => void;
}> {
  const source = mkdtempSync(join(tmpdir(), "proxies-sx-yaml-"));
  writeFileSync(join(source, "Pulumi.yaml"), textOf(first));
  const project = await Project.open({}, source);
  rmSync(source, { recursive: true });
  const declare = declaringYaml(project, plugin);
  declare(first);
  return { project, declare };
}

/** Writes a project's program in YAML, whatever it was before: the project and the stack stay. */
export function declaringYaml(project: Project, plugin: Plugin = "as it was built"): (program: YamlProgram) => void {
  const hosts = process.env.PROXIES_SX_LANGUAGES;
  if (!hosts) throw new Error("`npm run test:languages` runs these tests, with what they need.");
  project.env.PATH = [hosts, project.env.PATH].join(delimiter);
  return (program) => {
    writeFileSync(join(project.program, "Pulumi.yaml"), textOf(program));
    if (plugin === "as it was built") offerPlugin(project);
  };
}

/** Objects that a test uses twice are written twice: programs in YAML have no anchors. */
const textOf = (program: YamlProgram): string =>
  stringify({ name: "test", runtime: "yaml", ...program }, { aliasDuplicateObjects: false });
