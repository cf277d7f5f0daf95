import { PROVIDER_TYPES } from "./kinds";
import { nameOf, qualifiedTypeOf } from "./urn";

const OURS = new RegExp(`(^|\\$)(${Object.values(PROVIDER_TYPES).join("|")})$`);

/** "default", or with a version "default_1_2_3": the engine's own names. A program may have a "default-eu". */
export const isDefault = (provider: string): boolean => /^default(_[\d_].*)?$/.test(provider);

/**
 * The account that a resource lives in, as states name it.
 *
 * @param provider the resource's reference to its provider, "URN::id"
 * @returns the Account's name, and a text that is its own under both hosts; undefined for the account of the stack's
 *   configuration
 */
export function accountIn(provider = ""): { name: string; key: string } | undefined {
  const urn = provider.slice(0, Math.max(0, provider.lastIndexOf("::")));
  const [type, name] = [qualifiedTypeOf(urn), nameOf(urn)];
  if (!OURS.test(type) || isDefault(name)) return undefined;
  return { name, key: `${type.replace(OURS, "")}::${name}` };
}
