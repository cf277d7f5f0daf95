import { type Chain, createChain, createX402Api, type NetworkName, NETWORKS, type X402Api } from "../../api";
import { PaymentJournal } from "../x402-lease/journal";
import { walletFolder } from "./account-folder";
import { InTurn } from "./in-turn";
import { ProgramMemory } from "./program-memory";
import { SILENT, type Surroundings } from "./surroundings";
import { StackState } from "./stack-state";
import { nodeOf, type Wallet, walletIn, type WalletSettings } from "./wallet-settings";

/** All that the handlers of wallets share in one process. It holds no key: `wallet` reads it where one pays. */
export class WalletSession {
  readonly api: X402Api;
  readonly journal: PaymentJournal;
  readonly memory = new ProgramMemory();
  readonly stackState: StackState;
  /** Sessions that the engine's state holds, as far as this process has seen them, each with its resource's URN. */
  readonly held = new Map<string, string | undefined>();
  readonly notice: Surroundings["notice"];
  readonly info: Surroundings["info"];
  readonly sleep: Surroundings["sleep"];
  readonly isWanted: Surroundings["isWanted"];
  private readonly client: Surroundings["client"];
  private readonly chains = new Map<NetworkName, Chain>();
  private readonly payments = new InTurn();
  private paying = 0;

  /** @param conceal called with each secret as soon as it is read */
  constructor(
    readonly settings: WalletSettings,
    surroundings: Partial<Surroundings> = {},
    private readonly conceal: (secret: string) => void = () => undefined,
  ) {
    const around = { ...SILENT, ...surroundings };
    const { notice, info, sleep, client, isHeard, isWanted } = around;
    this.client = client;
    this.notice = notice;
    this.info = info;
    this.sleep = sleep;
    this.isWanted = isWanted;
    this.api = createX402Api({ apiUrl: settings.apiUrl, onNotice: (text) => notice(text), isHeard, ...client });
    this.journal = new PaymentJournal(walletFolder(settings));
    this.stackState = new StackState(around);
  }

  /** For create and update alone. */
  wallet(): Wallet {
    const wallet = walletIn(process.env);
    for (const form of [wallet.key, wallet.key.replace(/^0x/, "")]) this.conceal(form);
    return wallet;
  }

  chain(network: NetworkName): Chain {
    const known =
      this.chains.get(network) ?? createChain(NETWORKS[network], nodeOf(network, this.settings), this.client);
    this.chains.set(network, known);
    return known;
  }

  /** One after the other: what one is about to pay counts for the next one's budget and balance. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.paying += 1;
    return this.payments.do(() => work().finally(() => (this.paying -= 1)));
  }

  /** Whether nobody is about to pay. */
  isQuiet(): boolean {
    return this.paying === 0;
  }

  /** The vendor's time, epoch ms. Where no answer has had it yet, one is asked for. */
  async now(): Promise<number> {
    if (this.api.serverNow() === undefined) await this.api.health();
    return this.api.serverNow() ?? Date.now();
  }

  close(): void {
    this.api.close();
    for (const chain of this.chains.values()) chain.close();
  }
}
