/**
 * What this process has learned of the run, for decisions that a single call of the engine cannot make. Lives as long
 * as the process: one preview, one update or one refresh.
 */
export class ProgramMemory {
  private readonly held = new Set<string>();
  private readonly compared = new Set<string>();
  private readonly dying = new Set<string>();
  private readonly declared = new Map<string, string>();
  private readonly adopted = new Map<string, string>();

  /** The engine's state holds this resource: a create that follows makes its replacement. */
  engineHolds(urn: string): void {
    this.held.add(urn);
  }

  isHeld(urn: string | undefined): boolean {
    return urn !== undefined && this.held.has(urn);
  }

  /** The engine asked what to do about this resource, and so told the id that its state holds. */
  wasCompared(urn: string): void {
    this.compared.add(urn);
  }

  /**
   * Whether a port that an earlier run bought for this resource may be taken up. Not where the state holds the resource
   * under an id that is not known: a tainted resource is created anew without a comparison, and what is taken up could
   * be the port that is deleted next.
   */
  mayRecover(urn: string): boolean {
    return !this.held.has(urn) || this.compared.has(urn);
  }

  /** This port is to be replaced: its settings need no care any more. */
  willDie(portId: string): void {
    this.dying.add(portId);
  }

  isDying(portId: string): boolean {
    return this.dying.has(portId);
  }

  /**
   * The program declares settings of a kind for a port. Gives the URN of another resource that does the same, which
   * would undo this one's work at each run.
   */
  declare(kind: string, portId: string, urn: string): string | undefined {
    return claim(this.declared, `${kind} ${portId}`, urn);
  }

  isDeclared(kind: string, portId: string): boolean {
    return this.declared.has(`${kind} ${portId}`);
  }

  /** A port that this run imports is not deleted under another name. */
  isAdopted(portId: string): boolean {
    return this.adopted.has(portId);
  }

  /** A port is taken under management. Gives the URN of another resource of this run that took it. */
  adopt(portId: string, urn: string): string | undefined {
    return claim(this.adopted, portId, urn);
  }
}

function claim(claims: Map<string, string>, key: string, urn: string): string | undefined {
  const owner = claims.get(key) ?? urn;
  claims.set(key, owner);
  return owner === urn ? undefined : owner;
}

/** The name that the user gave a resource: the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
