import { type Declared } from "../../tests/engine/project";
import { type Dice } from "./dice";

const PLACES: Record<string, string[]> = {
  DE: ["Vodafone", "O2", "Telekom"],
  GB: ["EE", "Vodafone"],
  PL: ["Orange", "Plus", "Play"],
};
const HOUR = 3_600;
const OVERLAPS = [undefined, "0s", "6h"];
const LEASES = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR];
export const FINGERPRINTS = ["windows:1", "macosx:4", "ios:2", "android:3"];

interface DeclaredPort {
  country: string;
  carrier?: string;
  slotType: "shared" | "private";
  expiresIn: number;
  osFingerprint?: string;
  overlap?: string;
  protect?: boolean;
  rotation?: { intervalSeconds: number; matchCarrier: boolean };
  login?: { proxyLogin: string; proxyPassword: string };
  os?: string;
}

/** A program under random change. What it throws depends on the dice alone, never on what became of it. */
export class Program {
  readonly ports = new Map<string, DeclaredPort>();
  /** Every password that the program ever held. */
  readonly passwords: string[] = [];
  /** The name that each length of a lease was made up for, where each is made up once. */
  readonly names = new Map<number, string>();
  /** Ports that a person replaces: the engine would refuse it for protected ones. */
  private readonly open = new Set<string>();
  private removed: string[] = [];
  private made = 0;
  private renamed = 0;
  private leases = 0;

  /** With unique leases a purchase shows for whom it was; else orders are interchangeable, and no change undoes one. */
  constructor(
    private readonly dice: Dice,
    readonly uniqueLeases: boolean,
  ) {}

  /** Does one random change and reports it: `undone` names a port for which an earlier purchase may be wanted no more. */
  change(): { told: string; undone?: string } {
    const { dice } = this;
    const name = dice.pick([...this.ports.keys()]);
    const port = this.ports.get(name);
    const kinds = ["add", "place", "place", "rotation", "login", "os", "fingerprint", "overlap", "protect"] as const;
    const undoing = ["remove", "expiresIn", "slotType"] as const;
    const kind = dice.pick(this.uniqueLeases ? [...kinds, ...undoing] : kinds);
    if (kind === "add" || port === undefined) return { told: `add ${this.add()}` };
    if (kind === "remove") {
      this.ports.delete(name);
      this.removed.push(name);
      return { told: `remove ${name}`, undone: name };
    }
    this.alter(name, port, kind);
    return { told: `${kind} of ${name}`, ...(undoing.some((one) => one === kind) && { undone: name }) };
  }

  /** Gives a port another name, as `pulumi state rename` does; what was bought for it stays its own. */
  rename(name: string): string {
    const port = this.ports.get(name) as DeclaredPort;
    const to = `r${this.renamed++}`;
    this.ports.delete(name);
    this.ports.set(to, port);
    if (this.open.has(name)) this.open.add(to);
    for (const [lease, owner] of this.names) if (owner === name) this.names.set(lease, to);
    return to;
  }

  /** A port is to be replaced, which may take several runs: from now on it is not protected. */
  letReplace(name: string): void {
    const port = this.ports.get(name);
    if (port) port.protect = false;
    this.open.add(name);
  }

  add(): string {
    const { dice } = this;
    const again = this.removed.length > 0 && dice.chance(0.3);
    const name = again ? (this.removed.pop() as string) : `p${this.made++}`;
    const port: DeclaredPort = {
      country: "DE",
      slotType: dice.chance(0.8) ? "shared" : "private",
      expiresIn: this.lease(name),
    };
    this.ports.set(name, port);
    for (const kind of ["overlap", "protect"] as const) if (dice.chance(0.4)) this.alter(name, port, kind);
    if (dice.chance(0.5)) this.alter(name, port, "place");
    for (const kind of ["rotation", "login", "os"] as const) if (dice.chance(0.4)) this.alter(name, port, kind);
    return name;
  }

  private alter(name: string, port: DeclaredPort, kind: string): void {
    const { dice } = this;
    const dropped = dice.chance(0.3);
    if (kind === "expiresIn") port.expiresIn = this.lease(name);
    else if (kind === "slotType") {
      port.slotType = port.slotType === "shared" ? "private" : "shared";
      this.letReplace(name);
    } else if (kind === "overlap") port.overlap = dice.pick(OVERLAPS);
    else if (kind === "protect") port.protect = !port.protect && !this.open.has(name);
    else if (kind === "rotation")
      port.rotation =
        port.rotation && dropped
          ? undefined
          : { intervalSeconds: dice.integer(5, 60) * 60, matchCarrier: dice.chance(0.7) };
    else if (kind === "login") port.login = port.login && dropped ? undefined : this.login();
    else if (kind === "os") {
      if (port.osFingerprint === undefined) port.os = port.os && dropped ? undefined : dice.pick(FINGERPRINTS);
    } else if (kind === "fingerprint") {
      if (port.os === undefined) port.osFingerprint = dropped ? undefined : dice.pick(FINGERPRINTS);
    } else {
      port.country = dice.pick(Object.keys(PLACES));
      port.carrier = dropped ? undefined : dice.pick(PLACES[port.country] as string[]);
    }
  }

  private login(): DeclaredPort["login"] {
    const proxyPassword = `chaos-secret-${this.passwords.length}-${this.dice.integer(1e8, 1e9)}`;
    this.passwords.push(proxyPassword);
    return { proxyLogin: `team-${this.passwords.length}`, proxyPassword };
  }

  private lease(name: string): number {
    const length = this.dice.pick(LEASES) + (this.uniqueLeases ? ++this.leases : 0);
    if (this.uniqueLeases) this.names.set(length, name);
    return length;
  }

  declared(): Declared[] {
    return [...this.ports].flatMap(([name, { rotation, login, os, protect, ...args }]) => {
      const options = protect ? { options: { protect } } : {};
      const setting = (type: Declared["type"], suffix: string, own: object | undefined): Declared[] =>
        own ? [{ type, name: `${name}-${suffix}`, args: { port: { $port: name }, ...own }, ...options }] : [];
      return [
        { type: "Port", name, args, ...options },
        ...setting("RotationSettings", "rotation", rotation),
        ...setting("Credentials", "login", login),
        ...setting("OsFingerprint", "os", os === undefined ? undefined : { osFingerprint: os }),
      ] satisfies Declared[];
    });
  }
}

/** An order of somebody else in the same account. */
export function otherOrder(dice: Dice) {
  const country = dice.pick(Object.keys(PLACES));
  return {
    country,
    ...(dice.chance(0.5) && { carrier: dice.pick(PLACES[country] as string[]) }),
    slotType: dice.chance(0.8) ? ("shared" as const) : ("private" as const),
    expiresIn: dice.pick(LEASES) + 777,
  };
}
