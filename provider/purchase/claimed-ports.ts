import { isOver } from "../../domain/lease";
import { type Port } from "../../api";
import { type Journal } from "./journal";

/**
 * Ports that are somebody's: what the engine's state was seen to hold, what this process gave out, and what the journal
 * names. All that looks for the outcome of an order asks here which ports it may be.
 */
export class ClaimedPorts {
  private readonly known = new Set<string>();
  private readonly handedOut = new Set<string>();

  /** @param now the vendor's time, as far as it is known, epoch ms */
  constructor(
    private readonly journal: Journal,
    private readonly now: () => number,
  ) {}

  /** A call of the engine shows that its state holds this port. */
  held(id: string): void {
    this.known.add(id);
    this.journal.held(id);
  }

  /** The program imports this port. */
  imported(id: string): void {
    this.known.add(id);
  }

  /** This process bought a port, or took it up. */
  handOut(port: Port): Port {
    this.known.add(port.id);
    this.handedOut.add(port.id);
    return port;
  }

  wasHandedOut(id: string): boolean {
    return this.handedOut.has(id);
  }

  /** Whether a state or this process has the port, whatever the journal shows. */
  isKnown(id: string): boolean {
    return this.known.has(id);
  }

  /** An expired port is no purchase to take up. */
  serves(port: Port): boolean {
    return !isOver(port, this.now());
  }

  /** Those that serve, and that the user said are not ours. */
  disowned(listed: ReadonlyMap<string, Port>): Port[] {
    return [...listed.values()].filter((port) => this.serves(port) && this.journal.isDisowned(port.id));
  }

  /**
   * Those that serve, and that are nobody's.
   *
   * @param buyer a resource whose own purchases claim none once they are done with: the engine may have failed to save
   */
  free(listed: ReadonlyMap<string, Port>, buyer?: string): Port[] {
    const open = new Set(this.journal.read().map(({ id }) => id));
    return [...listed.values()].filter(
      (port) =>
        this.serves(port) && !open.has(port.id) && !this.known.has(port.id) && !this.journal.isSettled(port.id, buyer),
    );
  }
}
