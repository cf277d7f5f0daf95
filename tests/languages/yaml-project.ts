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

/** A stack of a YAML program on the real engine. An installed plugin is found without the program's help. */
export async function openYamlProject(
  first: YamlProgram,
  plugin: "as it was built" | "installed" = "as it was built",
): Promise<{
  project: Project;
  declare: (program: YamlProgram) => void;
}> {
  const hosts = process.env.PROXIES_SX_LANGUAGES;
  if (!hosts) throw new Error("`npm run test:languages` runs these tests, with what they need.");
  const source = mkdtempSync(join(tmpdir(), "proxies-sx-yaml-"));
  const text = (program: YamlProgram): string =>
    stringify({
      name: "test",
      runtime: "yaml",
      ...program,
    });
  writeFileSync(join(source, "Pulumi.yaml"), text(first));
  const project = await Project.open({}, source);
  rmSync(source, { recursive: true });
  project.env.PATH = [hosts, project.env.PATH].join(delimiter);
  const declare = (program: YamlProgram): void => {
    writeFileSync(join(project.program, "Pulumi.yaml"), text(program));
    if (plugin === "as it was built") offerPlugin(project);
  };
  declare(first);
  return { project, declare };
}
