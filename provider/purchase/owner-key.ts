import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Hidden } from "../../domain/hidden-inputs";

/**
 * Whom a port is bought for, as the journal names it: a resource of a stack, its organization and its backend. Two
 * stacks of one name in two backends are two buyers. Hashed, since a backend's URL may hold a password.
 */
export function buyerKey(hidden: Hidden): string | undefined {
  const { urn, boughtAs = urn } = hidden;
  return boughtAs === undefined ? undefined : `${backendKey(hidden)} ${boughtAs}`;
}

/** Whether a purchase of the journal is a resource's: a replacement is made under the name that it has by then. */
export const isBuyer = (key: string, hidden: Hidden): boolean =>
  key === buyerKey(hidden) || key === buyerKey({ ...hidden, boughtAs: undefined });

/** The backend and the organization alone: 16 hex digits. */
export function backendKey({ owner }: Hidden): string {
  return createHash("sha256")
    .update(`${backend().replace(/(?<=[^/:])\/+$/, "")}\n${owner ?? ""}`)
    .digest("hex")
    .slice(0, 16);
}

let known: string | undefined;

/** The backend's URL: of the environment, else of the project's file, else of the last `pulumi login`. */
export function backend(): string {
  const { PULUMI_BACKEND_URL: fromEnvironment } = process.env;
  return fromEnvironment ? fromEnvironment : (known ??= ofProject(process.cwd()) ?? ofLogin() ?? "");
}

function ofProject(folder: string): string | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].map((name) => join(folder, name)).find(existsSync);
  if (file !== undefined) return backendIn(readText(file));
  return dirname(folder) === folder ? undefined : ofProject(dirname(folder));
}

function ofLogin(): string | undefined {
  const { PULUMI_CREDENTIALS_PATH, PULUMI_HOME } = process.env;
  const folder = [PULUMI_CREDENTIALS_PATH, PULUMI_HOME].find(Boolean) ?? join(homedir(), ".pulumi");
  return currentLoginIn(readText(join(folder, "credentials.json")));
}

const IN_YAML = /^backend:[ \t\r]*\n(?:[ \t\r]*\n)*[ \t]+url:\s*(\S+)/m;
/** JSON, and what YAML takes of it. */
const IN_BRACES = /(?:^|[{,\s])"?backend"?\s*:\s*\{[^{}]*?\burl"?\s*:\s*["']?([^\s"',{}]+)/;

/** Of a project's file. */
export const backendIn = (text: string): string | undefined => (IN_YAML.exec(text) ?? IN_BRACES.exec(text))?.[1];

/** Of the file in which the engine keeps logins. */
export const currentLoginIn = (json: string): string | undefined => /"current"\s*:\s*"([^"]+)"/.exec(json)?.[1];

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
