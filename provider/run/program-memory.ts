import { type SlotType } from "../../domain/slot-type";
import { type RetiringPort } from "../../domain/lease";
import { SILENT, type Surroundings } from "./surroundings";

/** What a comparison decided about a port's lease, for the update after it. */
export interface Decision {
  renews: boolean;
  /** Retiring ports that the update releases. */
  releases: readonly RetiringPort[];
  /** The state takes the port for gone, and the vendor has it: the update reads it. */
  isBack?: boolean;
}

/** A login that a port came with. */
interface Login {
  proxyLogin?: string;
  proxyPassword?: string;
}

/**
 * What this process has learned of the run, for decisions that a single call of the engine cannot make. Lives as long
 * as the process: one preview, one update or one refresh. Of ports that are imported it learns from the processes of
 * other Accounts too.
 */
export class ProgramMemory {
  private readonly held = new Set<string>();
  /** By port, the resource that has it. */
  private readonly dying = new Map<string, string | undefined>();
  private readonly declared = new Map<string, string>();
  private readonly adopted = new Map<string, string>();
  private readonly owned = new Map<string, string>();
  private readonly left = new Map<string, string>();
  private readonly decisions = new Map<string, Decision>();
  private readonly serving = new Map<string, string | undefined>();
  private readonly logins = new Map<string, Login>();
  private readonly released = new Set<string>();
  private readonly retiring = { shared: new Map<string, RetiringPort>(), private: new Map<string, RetiringPort>() };

  constructor(private readonly run: Pick<Surroundings, "leaveWord" | "wordOf"> = SILENT) {}

  /** The engine's state holds this resource: a create that follows makes its replacement. */
  engineHolds(urn: string): void {
    this.held.add(urn);
  }

  isHeld(urn: string | undefined): boolean {
    return urn !== undefined && this.held.has(urn);
  }

  /** What the update of a Port does about its lease: an update for another reason renews nothing that was held back. */
  decide(key: string, decision: Decision): void {
    this.decisions.set(key, decision);
  }

  decisionOn(key: string): Decision | undefined {
    return this.decisions.get(key);
  }

  /** The vendor's port that serves for a Port in this run; undefined where this run is to buy it. */
  serves(id: string, portId: string | undefined): void {
    this.serving.set(id, portId);
  }

  /** Undefined where this run has not met the Port. */
  servedBy(id: string): { portId: string | undefined } | undefined {
    return this.serving.has(id) ? { portId: this.serving.get(id) } : undefined;
  }

  /** The login that a port came with, by the state of its Port. */
  cameWith(portId: string, { proxyLogin, proxyPassword }: Login): void {
    this.logins.set(portId, { proxyLogin, proxyPassword });
  }

  /** Undefined where this run has met no Port that has it. */
  loginOf(portId: string): Login | undefined {
    return this.logins.get(portId);
  }

  /** A renewal of this run left this port to serve on. */
  retires(port: RetiringPort, slotType: SlotType): void {
    this.retiring[slotType].set(port.portId, port);
  }

  /** Ports that renewals of this run left to serve on, the oldest first. */
  retired(slotType: SlotType): readonly RetiringPort[] {
    return [...this.retiring[slotType].values()];
  }

  wasReleased(portId: string): void {
    this.released.add(portId);
  }

  isReleased(portId: string): boolean {
    return this.released.has(portId);
  }

  /** This port of a resource is to be replaced: its settings need no care any more. */
  willDie(portId: string, urn: string | undefined): void {
    this.dying.set(portId, urn);
  }

  /** The port of a resource that this run replaces, as far as a comparison was asked for. */
  dyingOf(urn: string | undefined): string | undefined {
    return [...this.dying].find(([, of]) => urn !== undefined && of === urn)?.[0];
  }

  isDying(portId: string): boolean {
    return this.dying.has(portId);
  }

  /**
   * The program declares settings of a kind for a port. Gives the URN of another resource that does the same, which
   * would undo this one's work at each run.
   */
  declare(kind: string, portId: string, urn: string): string | undefined {
    if (this.adopted.has(portId)) this.run.leaveWord(`declares ${kind} ${portId}`, urn);
    return claim(this.declared, `${kind} ${portId}`, urn);
  }

  isDeclared(kind: string, portId: string): boolean {
    return this.declared.has(`${kind} ${portId}`) || this.run.wordOf(`declares ${kind} ${portId}`) !== undefined;
  }

  /** A Port of the program has this port, or is to import it. Gives the URN of another that does. */
  own(portId: string, urn: string): string | undefined {
    return claim(this.owned, portId, urn);
  }

  /** The URN of the Port that has it, as far as this run has met it. */
  ownerOf(portId: string): string | undefined {
    return this.owned.get(portId);
  }

  /** Whether one Port has a retiring port that another's renewal left: then it makes no room. */
  isContested(portId: string): boolean {
    const owner = this.owned.get(portId);
    // A renewal of this run leaves the port that its Port had until then.
    const isOfThisRun = this.retiring.shared.has(portId) || this.retiring.private.has(portId);
    return owner !== undefined && !isOfThisRun && this.left.get(portId) !== owner;
  }

  /** A renewal of this Port left the port behind. */
  leaves(portId: string, urn: string): void {
    this.left.set(portId, urn);
  }

  /** The URN of the Port whose renewal left it behind. */
  leftBy(portId: string): string | undefined {
    return this.left.get(portId);
  }

  /** A port that this run imports is not deleted under another name. */
  isAdopted(portId: string): boolean {
    return this.adopted.has(portId) || this.run.wordOf(`imports ${portId}`) !== undefined;
  }

  /** A port is taken under management. Gives the URN of another resource of this process that took it. */
  adopt(portId: string, urn: string): string | undefined {
    this.run.leaveWord(`imports ${portId}`, urn);
    return claim(this.adopted, portId, urn);
  }
}

function claim(claims: Map<string, string>, key: string, urn: string): string | undefined {
  const owner = claims.get(key) ?? urn;
  claims.set(key, owner);
  return owner === urn ? undefined : owner;
}
