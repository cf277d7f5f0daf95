import { type Api, createApi, isApiError } from "../api";
import { Journal } from "./journal";
import { PortReader } from "./port-reader";
import { ProgramMemory } from "./program-memory";
import { Purchases } from "./purchases";
import { Reference } from "./reference";
import { type Settings } from "./settings";
import { Slots } from "./slots";

export type Notice = (text: string, urn?: string) => void;

/** All that the handlers of one process share: one account, one run of the engine. */
export class Session {
  readonly api: Api;
  readonly ports: PortReader;
  readonly reference: Reference;
  readonly purchases: Purchases;
  readonly slots: Slots;
  readonly memory = new ProgramMemory();

  constructor(
    readonly settings: Settings,
    readonly notice: Notice = () => undefined,
  ) {
    this.api = createApi({ ...settings, onNotice: (text) => notice(text) });
    this.ports = new PortReader(this.api);
    this.reference = new Reference(this.api);
    this.purchases = new Purchases(this.api, this.ports, Journal.of(settings, notice));
    this.slots = new Slots(this.api);
  }

  /**
   * The vendor's time, epoch ms: leases end by that clock, not by this machine's. Where no answer has told it yet, one
   * look-up is made that other calls of the run share.
   */
  async now(): Promise<number> {
    const known = this.api.serverNow();
    if (known !== undefined) return known;
    try {
      await this.reference.countries(false);
    } catch (error) {
      if (this.api.serverNow() === undefined || isApiError(error, "unauthorized")) throw error;
    }
    return this.api.serverNow() ?? Date.now();
  }
}
