import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/**
 * Secrets of the stacks that fresh-stack.ts writes, as the CLI writes them: "v1:nonce:ciphertext". It takes the CLI half a
 * second. The key is what the passphrase and the salt of those stacks give.
 */
const KEY = Buffer.from("N9WxM6JXt20sWLJlyQlcnl4hPG9ZtUbfNH7FvnQ5lHQ=", "base64");
const CIPHER = "aes-256-gcm";
const TAG_BYTES = 16;

export const dataKey = (): string => KEY.toString("base64");

export function encrypt(text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(CIPHER, KEY, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(text: string): string {
  const [, nonce = "", sealed = ""] = text.split(":");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv(CIPHER, KEY, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

/** Values of a state, with secrets in clear, as `pulumi stack output --show-secrets` prints them. */
export function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  const { ciphertext } = value as { ciphertext?: unknown };
  if (typeof ciphertext === "string") return shown(JSON.parse(decrypt(ciphertext)));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
}
