import { join } from "node:path";
import { offerPlugin } from "../engine/hosts";
import { type Declared, Project } from "../engine/project";

/** A stack whose resources are the plugin's, as programs of any language make them. */
export async function openPluginProject(): Promise<Project> {
  const project = await Project.open({}, join(__dirname, "program.js"));
  offerPlugin(project);
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
