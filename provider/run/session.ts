import { join } from "node:path";
import { HeldPurchases } from "../billing/held-purchases";
import { type Api, type ApiOptions, createApi, isApiError } from "../../api";
import { accountFolder } from "./account-folder";
import { Journal } from "../purchase/journal";
import { PortReader } from "./port-reader";
import { ProgramMemory } from "./program-memory";
import { Purchases } from "../purchase/purchases";
import { Reference } from "./reference";
import { ReferenceCache } from "./reference-cache";
import { type Settings } from "./account-settings";
import { Room } from "../port/retiring";
import { Slots } from "./slots";
import { type Exported, StackState, type StateResource } from "./stack-state";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";

/** Ways out of a process, and its clock. Each has a default that a test replaces. */
export interface Surroundings {
  /** Says what a person must know, in the row of a resource where a URN is given. */
  notice(text: string, urn?: string): void;
  /** Says why something is done, in the row of a resource. */
  info(text: string, urn?: string): void;
  /** Says that something takes its time. The next text takes its place. */
  progress(text: string, urn?: string): void;
  sleep(ms: number): Promise<void>;
  /** Of the client: by it deadlines count, and calls wait before they are repeated. Its own where nothing is given. */
  clientTime: Pick<ApiOptions, "now" | "sleep">;
  /** Whether the engine that this process works for is still there. */
  isWanted(): Promise<boolean>;
  /** The state of a stack, by its full name, as `pulumi stack export` writes it. */
  exportStack(stack: string): Promise<Exported>;
  /** When the run began that this process works for, epoch ms. */
  runBegan(): number;
}

export const SILENT: Surroundings = {
  notice: () => undefined,
  info: () => undefined,
  progress: () => undefined,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  clientTime: {},
  isWanted: async () => true,
  exportStack: async () => "{}",
  runBegan: () => Date.now() - process.uptime() * 1_000,
};

/** All that the handlers of one process share: one account, one run of the engine. */
export class Session {
  readonly api: Api;
  readonly ports: PortReader;
  readonly reference: Reference;
  readonly purchases: Purchases;
  readonly balance: HeldPurchases;
  readonly slots: Slots;
  readonly stackState: StackState;
  readonly room = new Room(this);
  readonly memory = new ProgramMemory();
  readonly notice: Surroundings["notice"];
  readonly info: Surroundings["info"];
  readonly progress: Surroundings["progress"];
  readonly sleep: Surroundings["sleep"];

  constructor(
    readonly settings: Settings,
    surroundings: Partial<Surroundings> = {},
  ) {
    const { notice, info, progress, sleep, clientTime, isWanted, exportStack, runBegan } = {
      ...SILENT,
      ...surroundings,
    };
    this.notice = notice;
    this.info = info;
    this.progress = progress;
    this.sleep = sleep;
    this.api = createApi({ ...settings, ...clientTime, onNotice: (text) => notice(text) });
    this.ports = new PortReader(this.api, Date.now, sleep);
    const folder = accountFolder(settings);
    this.reference = new Reference(this.api, new ReferenceCache(join(folder, "reference.json")));
    this.stackState = new StackState(notice, exportStack, sleep);
    this.purchases = new Purchases(this.api, this.ports, new Journal(folder, notice), {
      stackState: this.stackState,
      sleep,
      isWanted,
      runBegan,
      notice,
    });
    this.balance = new HeldPurchases(this.api, folder, sleep);
    this.slots = new Slots(this.api, notice);
  }

  /** What the state of a resource's stack holds; nothing where it cannot be read. */
  async resourcesOf(hidden: Hidden): Promise<readonly StateResource[]> {
    return (await this.stackState.of(stackOf(hidden)))?.resources ?? [];
  }

  close(): void {
    this.api.close();
  }

  /**
   * The vendor's time, epoch ms: leases end by that clock, not by this machine's. Where no answer has had it yet, one
   * lookup is made that other calls of the run share.
   */
  async now(): Promise<number> {
    const known = this.api.serverNow();
    if (known !== undefined) return known;
    try {
      await this.reference.askAgain();
    } catch (error) {
      if (this.api.serverNow() === undefined || isApiError(error, "unauthorized")) throw error;
    }
    return this.api.serverNow() ?? Date.now();
  }
}
