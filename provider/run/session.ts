import { join } from "node:path";
import { HeldPurchases } from "../billing/held-purchases";
import { type Api, createApi } from "../../api";
import { accountIn } from "../../domain/account-in-state";
import { accountFolder } from "./account-folder";
import { Journal } from "../purchase/journal";
import { type OfAccount, OwnAccount } from "./own-account";
import { PortReader } from "./port-reader";
import { ProgramMemory } from "./program-memory";
import { Purchases } from "../purchase/purchases";
import { Reference } from "./reference";
import { ReferenceCache } from "./reference-cache";
import { type Settings } from "./account-settings";
import { Room } from "../port/retiring";
import { Slots } from "./slots";
import { StackState, type StateResource } from "./stack-state";
import { SILENT, type Surroundings } from "./surroundings";
import { type Hidden, stackOf } from "../../domain/hidden-inputs";

/** All that the handlers of one process share: one account, one run of the engine. */
export class Session {
  readonly api: Api;
  readonly ports: PortReader;
  readonly account: OwnAccount;
  readonly reference: Reference;
  readonly purchases: Purchases;
  readonly balance: HeldPurchases;
  readonly slots: Slots;
  readonly stackState: StackState;
  readonly room = new Room(this);
  readonly memory: ProgramMemory;
  readonly notice: Surroundings["notice"];
  readonly info: Surroundings["info"];
  readonly progress: Surroundings["progress"];
  readonly sleep: Surroundings["sleep"];
  readonly owed: Surroundings["owed"];
  readonly isWanted: Surroundings["isWanted"];
  /** For all purchases at once: the state is read once a process. */
  private elsewhere?: Promise<void>;

  constructor(
    readonly settings: Settings,
    surroundings: Partial<Surroundings> = {},
  ) {
    const around = { ...SILENT, ...surroundings };
    const { notice, info, progress, sleep, owed, isOwed, client, isHeard, isWanted } = around;
    this.notice = notice;
    this.info = info;
    this.progress = progress;
    this.sleep = sleep;
    this.owed = owed;
    this.isWanted = isWanted;
    this.api = createApi({ ...settings, ...client, isOwed, isHeard, onNotice: (text) => notice(text) });
    this.ports = new PortReader(this.api, Date.now, sleep);
    this.account = new OwnAccount(this.api, this.ports);
    const folder = accountFolder(settings);
    this.reference = new Reference(this.api, new ReferenceCache(join(folder, "reference.json")));
    this.memory = new ProgramMemory(around);
    this.stackState = new StackState(around);
    const { stackState } = this;
    this.purchases = new Purchases(this.api, this.ports, new Journal(folder, notice), { ...around, stackState });
    this.balance = new HeldPurchases(this.api, folder, around);
    this.slots = new Slots(this.api, notice);
  }

  /** What the state of a resource's stack holds; nothing where it cannot be read, with a warning unless it may be. */
  async resourcesOf(hidden: Hidden, mayBeUnread = false): Promise<readonly StateResource[]> {
    return (await this.stackState.of(stackOf(hidden), mayBeUnread))?.resources ?? [];
  }

  /**
   * To be awaited before something is bought: a run without a preview may come to it before it compares the ports that
   * there are. Where the stack has an Account of its own, it is not known whose they are.
   *
   * @throws ProviderError where the ports of the stack are of another account
   */
  refuseElsewhere(hidden: Hidden): Promise<void> {
    this.elsewhere ??= this.comparedAccounts(hidden);
    return this.elsewhere;
  }

  private async comparedAccounts(hidden: Hidden): Promise<void> {
    const all = await this.resourcesOf(hidden, true);
    if (all.some(({ urn }) => accountIn(`${urn}::`) !== undefined)) return;
    for (const { outputs, delete: goes } of all) {
      const { portId, __account } = (outputs ?? {}) as OfAccount & { portId?: string };
      if (portId !== undefined && !goes) await this.account.refuseOther(portId, { __account });
    }
  }

  close(): void {
    this.api.close();
  }

  /**
   * The vendor's time, epoch ms: leases end by that clock, not by this machine's. Where no answer has had it yet, one
   * question is asked that other calls of the run share.
   */
  async now(): Promise<number> {
    const known = this.api.serverNow();
    if (known !== undefined) return known;
    const fault = await this.account.ask();
    // No run needs the account: one that cannot be asked is no reason to stop.
    if (fault !== undefined && this.api.serverNow() === undefined) await this.reference.askAgain();
    return this.api.serverNow() ?? Date.now();
  }
}
