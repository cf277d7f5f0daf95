import { isFingerprint } from "../../domain/fingerprints";
import { type Port } from "../../api";
import { typeOf } from "../../domain/kinds";
import { isOver, LEASE_SECONDS, leaseState } from "../../domain/lease";
import { type Reference } from "../../provider/run/reference";
import { redactorOf } from "../../report/port-facts";
import { clean } from "../../text";
import { rotationCode, rotationName, rotationOf } from "./adopt-rotation";
import { placeOf } from "./adopt-place";
import { literal } from "../../text/literal";
import { durationInput } from "../../domain/duration";

/** Code that takes a port under management and changes nothing at the vendor. */
export interface Adoption {
  id: string;
  /** Statements of TypeScript, among comments on what to know of it. Only comments where the port cannot be adopted. */
  code: string;
  isAdoptable: boolean;
  /** What `pulumi import` needs of it, and of its rotation; nothing where it cannot be adopted. */
  imports: Import[];
}

/** A resource in the file of `pulumi import --file`. */
export interface Import {
  type: string;
  name: string;
  id: string;
}

/**
 * @param taken names that resources of the stacks have
 * @param now the vendor's time, epoch ms
 */
export async function adoptCode(
  ports: Port[],
  taken: ReadonlySet<string>,
  reference: Reference,
  now: number,
): Promise<Adoption[]> {
  const names = new Set(taken);
  const adoptions: Adoption[] = [];
  for (const port of ports) {
    const name = freeName(port, names);
    const adoption = await adoptionOf({ name, variable: `port${adoptions.length + 1}` }, port, reference, now);
    if (adoption.isAdoptable) names.add(name).add(rotationName(name));
    adoptions.push(adoption);
  }
  return adoptions;
}

async function adoptionOf(
  { name, variable }: { name: string; variable: string },
  port: Port,
  reference: Reference,
  now: number,
): Promise<Adoption> {
  const { id } = port;
  const never = (why: string): Adoption => ({ id, code: comment(id, why), isAdoptable: false, imports: [] });
  const slotType = port.slotType ?? "shared";
  if (slotType !== "shared" && slotType !== "private") return never("its slot type is unknown to this package");
  if (isOver(port, now)) {
    return never("its lease is over, so it cannot be adopted: declare a new one");
  }
  const found = await placeOf(port, slotType === "private", reference);
  if (!found) return never("the vendor does not report its country");
  const expiresIn = leaseLength(port, now);
  const notes = [...found.notes];
  if (expiresIn === undefined) notes.push("the length of its lease is not known: 30d is a guess for the next one");
  else if (leaseState(port, { expiresIn }, now) === "due")
    notes.push("its lease is due: the run after the one that adopts it renews it, with another port");
  const rotation = rotationOf(port);
  if (rotation?.note !== undefined) notes.push(rotation.note);
  const inputs = {
    ...found.place,
    slotType,
    expiresIn: expiresIn === undefined ? "30d" : durationInput(expiresIn),
    // An input of the Port: it needs no resource of its own.
    ...(port.osFingerprint && isFingerprint(port.osFingerprint) && { osFingerprint: port.osFingerprint }),
  };
  const declared = `new proxies.Port(${literal(name)}, ${literal(inputs)}, ${literal({ import: id })});`;
  const statements = rotation?.inputs
    ? [`const ${variable} = ${declared}`, rotationCode(variable, name, rotation.inputs)]
    : [declared];
  return {
    id,
    code: [...notes.map((note) => comment(id, note)), ...statements].join("\n"),
    isAdoptable: true,
    imports: [
      { type: typeOf("Port", "plugin"), name, id },
      ...(rotation?.inputs ? [{ type: typeOf("RotationSettings", "plugin"), name: rotationName(name), id }] : []),
    ],
  };
}

/**
 * Seconds of the whole lease, so that the next one is as long; of what is left where the purchase is not reported.
 * Adoption does not compare it: no lease can be changed.
 */
function leaseLength({ createdAt, expiresAt }: Port, now: number): number | undefined {
  if (expiresAt === undefined) return undefined;
  const seconds = Math.round((expiresAt - (createdAt ?? now)) / 1_000);
  return Math.min(Math.max(seconds, LEASE_SECONDS.min), LEASE_SECONDS.max);
}

/** From the vendor's name for people: "Proxy #12" becomes "proxy-12". */
function freeName(port: Port, taken: ReadonlySet<string>): string {
  const { id, displayName = "" } = port;
  const words = redactorOf(port)
    .line(displayName)
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ["port", id.slice(-6)];
  const name = words.join("-").slice(0, 60);
  const free = [name, `${name}-${id.slice(-6)}`, `${name}-${id}`].find(
    (one) => !taken.has(one) && !taken.has(rotationName(one)),
  );
  return free ?? `adopted-${id}`;
}

const comment = (id: string, text: string): string => clean(`// ${id}: ${text}`);
