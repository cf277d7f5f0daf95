import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../../../domain/unknown";
import { type Props } from "../hosted";
import { SIGNATURE } from "../../../domain/signature";

/** What a secret and a resource are marked with (source: the Pulumi SDK's rpc). */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** What the engine sends for values of other types than text that only the update will know (source: its rpc.go). */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Properties in plain values, and the names of those that are secret or hold a secret. */
export interface Opened {
  props: Props;
  secrets: ReadonlySet<string>;
}

/** What the engine sent. Every unknown value is `UNKNOWN`, and what is null was not given. */
export function opened(struct: Struct | undefined): Opened {
  const sent = Object.entries((struct?.toJavaScript() ?? {}) as Props).filter(([, value]) => value !== null);
  const secrets = new Set<string>();
  const props = sent.map(([name, value]) => [name, plain(value, () => secrets.add(name))]);
  return { props: Object.fromEntries(props) as Props, secrets };
}

/** A value as it was sent, without its own mark as a secret. */
export function bared(value: unknown): { value: unknown; isSecret: boolean } {
  if (!isMarked(value)) return { value, isSecret: false };
  return { value: bared(value.value).value, isSecret: true };
}

/** A value as the engine takes one that is secret. */
export const secret = (value: unknown): Props => ({ [SIGNATURE]: SECRET, value });

/** A resource as a value: programs get it as an object of its class (source: the Pulumi SDK's rpc). */
export const reference = (urn: string, id: string, packageVersion: string): Props => ({
  [SIGNATURE]: RESOURCE,
  urn,
  id,
  packageVersion,
});

const isMarked = (value: unknown): value is Props =>
  typeof value === "object" && value !== null && (value as Props)[SIGNATURE] === SECRET;

function plain(value: unknown, onSecret: () => void): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => plain(one, onSecret));
  if (isMarked(value)) {
    onSecret();
    return plain(value.value, onSecret);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, onSecret)]));
}

/** What the engine is given, with the properties of these names as secrets. */
export function sealed(props: Props, secrets: Iterable<string>): Struct {
  const names = new Set(secrets);
  const told = Object.entries(props)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, names.has(name) ? secret(value) : value]);
  return Struct.fromJavaScript(Object.fromEntries(told) as never);
}
