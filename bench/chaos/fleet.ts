import { type Declared } from "../../tests/engine/project";
import { Dice } from "./dice";

export const FLEET = "f";
const HOUR = 3_600;
/** Added to the lease of each member, by which a purchase shows that it was for the fleet. */
const MARK = 333;
const PLACES = [{ country: "DE", carrier: "O2" }, { country: "DE" }, { country: "GB", weight: 2 }, { country: "PL" }];

export const isOfFleet = (name: string): boolean => name.startsWith(`${FLEET}-`);
export const isMember = (name: string): boolean => /^f-\d+$/.test(name);
export const isForFleet = (leaseSeconds: number): boolean => leaseSeconds % HOUR === MARK;

/** Parts the stream of these throws from the plan's, so that a seed draws all else as it did before there were fleets. */
const APART = 0x0f_1ee7;

/** A fleet under random change, in half of the runs. */
export class Fleet {
  private readonly dice: Dice;
  private readonly isThere: boolean;
  private size: number;
  private readonly lease: Record<string, unknown>;
  private readonly made: Record<string, unknown> = {};
  private places = [0, 2];
  private protect: boolean;
  private hasShrunk = false;
  private logins = 0;

  constructor(seed: number) {
    const dice = (this.dice = new Dice(seed ^ APART));
    this.isThere = dice.chance(0.5);
    this.size = dice.integer(1, 6);
    this.protect = dice.chance(0.4);
    this.lease = {
      expiresIn: dice.pick([1, 24, 7 * 24, 30 * 24]) * HOUR + MARK,
      ...(dice.chance(0.4) && { overlap: dice.pick(["0s", "6h"]) }),
      ...(dice.chance(0.4) && { maxRenewalsPerUpdate: dice.integer(1, 3) }),
    };
    for (let changes = dice.integer(0, 3); changes > 0; changes -= 1) this.alter(dice.pick(KINDS));
  }

  /** Names of members, as long as no smaller size has left gaps. */
  get members(): string[] {
    return this.isThere ? Array.from({ length: this.size }, (_, index) => `${FLEET}-${index + 1}`) : [];
  }

  /** Some random changes. */
  change(): { told: string[]; undone: boolean } {
    const { dice, size } = this;
    const kinds = Array.from({ length: dice.integer(0, 2) }, () => dice.pick([...KINDS, "size", "protect"] as const));
    for (const kind of kinds) this.alter(kind);
    const told = this.isThere ? kinds.map((kind) => `${kind} of the fleet`) : [];
    return { told, undone: this.size < size };
  }

  private alter(kind: (typeof KINDS)[number] | "size" | "protect"): void {
    const { dice, made } = this;
    const dropped = dice.chance(0.3);
    if (kind === "size") this.resize(dice.integer(0, 7));
    else if (kind === "protect") this.protect = !this.protect && !this.hasShrunk;
    else if (kind === "places") this.places = [dice.integer(0, 1), dice.integer(2, 3)].slice(dice.integer(0, 1));
    else if (kind === "rebalance") made.rebalance = !dropped;
    else if (kind === "rotation")
      made.rotation = dropped ? undefined : { intervalSeconds: dice.integer(5, 60) * 60, matchCarrier: true };
    else made.credentials = dropped ? undefined : { proxyLogin: `fleet-${this.logins++}` };
  }

  /** The engine deletes nothing that is protected, and it may take several runs: from now on it is not. */
  private resize(size: number): void {
    this.hasShrunk ||= size < this.size;
    this.protect &&= !this.hasShrunk;
    this.size = size;
  }

  declared(): Declared[] {
    if (!this.isThere) return [];
    const args = {
      size: this.size,
      locations: this.places.map((place) => PLACES[place]),
      lease: this.lease,
      ...this.made,
    };
    return [structuredClone({ type: "ProxyFleet", name: FLEET, args, options: { protect: this.protect } })];
  }
}

const KINDS = ["places", "rebalance", "rotation", "credentials"] as const;

/** How many members a program declares, and whether they are protected. */
export function fleetIn(declared: readonly Declared[]): { size: number; protect: boolean } | undefined {
  const fleet = declared.find(({ type }) => type === "ProxyFleet");
  return fleet && { size: fleet.args.size as number, protect: fleet.options?.protect === true };
}
