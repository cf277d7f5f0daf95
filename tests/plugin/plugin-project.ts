import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { type Declared, Project } from "../engine/project";

/** Where the set-up puts the plugin's one file. */
export const PLUGIN = join(__dirname, "../../node_modules/.cache/pulumi-proxies-sx/plugin");

/** A stack whose resources are the plugin's. */
export async function openPluginProject(): Promise<Project> {
  if (!existsSync(PLUGIN)) throw new Error("There is no plugin yet: run `npm run setup` first.");
  const project = await Project.open({}, join(__dirname, "program.js"));
  appendFileSync(
    join(project.program, "Pulumi.yaml"),
    `plugins:\n  providers:\n    - name: proxies-sx\n      path: ${PLUGIN}\n`,
  );
  return project;
}

const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  Port: ["portId", "status", "expiresAt", "countryCode", "proxyPassword", "httpUrl", "socks5Url"],
  Credentials: ["httpUrl", "socks5Url"],
};

/** A resource of the program: `{ $of: "a", output: "id" }` in its args stands for an output of another. */
export const resource = (type: Declared["type"], name: string, args: object, options: object = {}): Declared =>
  ({ type, name, args, options, outputs: OUTPUTS[type] ?? [] }) as unknown as Declared;

export const port = (name: string, args: object = {}, options: object = {}): Declared =>
  resource("Port", name, { country: "DE", expiresIn: "30d", ...args }, options);

export const login = (of: string): Declared =>
  resource("Credentials", `${of}-login`, {
    port: { $of: of, output: "id" },
    proxyLogin: "team",
    proxyPassword: "a-password-of-tests",
  });
