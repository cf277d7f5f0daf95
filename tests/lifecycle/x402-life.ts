import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Holder } from "../../provider/hosts/holder";
import { WalletHolder } from "../../provider/hosts/wallet-holder";
import { type Surroundings } from "../../provider/run/surroundings";
import { type WalletSession } from "../../provider/run/wallet-session";
import { type X402LeaseArgs } from "../../provider/x402-lease/args";
import { x402Lease } from "../../provider/x402-lease/handler";
import { type X402LeaseState } from "../../provider/x402-lease/state";
import { Life, World } from "./life";
import { KEY, PAYER } from "./x402-keys";

export const ARGS: X402LeaseArgs = {
  ...{ country: "DE", trafficGB: 1, duration: "24h", maxPrice: "4.00", network: "base-sepolia" },
};

/** The message with which something fails. */
export const failed = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it went well",
    (error: Error) => error.message,
  );

/** Where a process is killed: at which step that leaves it, and whether the step was taken. */
export interface Kill {
  step: number;
  when: "before" | "after";
}

/** A process that was killed says nothing any more. */
class Killed extends Error {}

/** The steps of one process: all that leaves it. */
class Steps {
  count = 0;
  isDead = false;

  constructor(private readonly kill: Kill | undefined) {}

  async run<T>(step: () => Promise<T> | T): Promise<T> {
    const isIt = this.kill?.step === this.count++;
    if (isIt && this.kill?.when === "before") this.isDead = true;
    this.requireLife();
    const result = await step();
    if (isIt) this.isDead = true;
    this.requireLife();
    return result;
  }

  requireLife(): void {
    if (this.isDead) throw new Killed("killed");
  }
}

/** An object all of whose methods, and those of its parts, are steps. */
function stepping<T extends object>(real: T, steps: Steps): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function") {
        if (name === "close" || name === "serverNow") return value.bind(target) as unknown;
        const call = (...given: unknown[]): unknown => Reflect.apply(value, target, given);
        return (...given: unknown[]) => steps.run(() => call(...given));
      }
      return typeof value === "object" && value !== null ? stepping(value, steps) : value;
    },
  });
}

/** The journal answers at once: each of its writes is a step all the same. */
function writing<T extends object>(real: T, steps: Steps, kill: Kill | undefined): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        steps.requireLife();
        if (name !== "write" && name !== "note") return Reflect.apply(value, target, given) as unknown;
        const isIt = kill?.step === steps.count++;
        if (isIt && kill?.when === "before") steps.isDead = true;
        steps.requireLife();
        const result: unknown = Reflect.apply(value, target, given);
        if (isIt) steps.isDead = true;
        steps.requireLife();
        return result;
      };
    },
  });
}

class KillableHolder extends WalletHolder {
  constructor(
    surroundings: Partial<Surroundings>,
    private readonly kill: Kill | undefined,
    private readonly began: (steps: Steps) => void,
  ) {
    super(surroundings);
  }

  protected override make(...given: Parameters<WalletHolder["make"]>): WalletSession {
    const session = super.make(...given);
    const steps = new Steps(this.kill);
    this.began(steps);
    const chain = session.chain.bind(session);
    return Object.assign(session, {
      api: stepping(session.api, steps),
      journal: writing(session.journal, steps, this.kill),
      chain: (network: Parameters<WalletSession["chain"]>[0]) => stepping(chain(network), steps),
    });
  }
}

/** A lease under the small engine, on an emulator whose payer has 100 USDC, with a journal of its own. */
export class LeaseLife extends Life<X402LeaseArgs> {
  private kill?: Kill;
  /** Steps of the last process. */
  steps?: Steps;

  constructor(
    readonly shop: Shop,
    name = "a",
  ) {
    super(x402Lease as never, shop.world, `urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:X402Lease::${name}`);
  }

  protected override holderOf(surroundings: Partial<Surroundings>): Holder<object, never> {
    return new KillableHolder(surroundings, this.kill, (steps) => (this.steps = steps)) as never;
  }

  /** A run that is killed, or whatever else comes of it. @returns whether it was killed */
  async upKilled(args: X402LeaseArgs, kill: Kill): Promise<boolean> {
    const { id, outs, inputs } = this.state;
    this.kill = kill;
    const failure = await this.up(args).then(
      () => undefined,
      (error: Error) => error,
    );
    delete this.kill;
    if (!this.steps?.isDead) {
      if (failure) this.failures.push(failure.message);
      return false;
    }
    this.restore({ id, outs, inputs });
    return true;
  }

  readonly failures: string[] = [];

  /** Runs until one goes well. @returns what it did, and the messages of those before */
  async upAtLast(args: X402LeaseArgs, most = 12): Promise<string[]> {
    const said: string[] = [];
    for (let run = 0; run < most; run++) {
      try {
        await this.up(args);
        return said;
      } catch (error) {
        said.push((error as Error).message);
        this.shop.control.clock.advance(30_000);
      }
    }
    throw new Error(`no run went well: ${said.join(" | ")}`);
  }

  /** The state. */
  get told(): X402LeaseState {
    return this.state.outs as unknown as X402LeaseState;
  }
}

/** The vendor, the chain, and this machine's folder. */
export class Shop {
  private folder = "";
  private readonly env = { ...process.env };

  private constructor(readonly world: World) {}

  static async open(): Promise<Shop> {
    const shop = new Shop(await World.open());
    shop.reset();
    return shop;
  }

  /** As at the beginning: another machine, and nothing bought. */
  reset(): void {
    this.world.lives.length = 0;
    this.control.reset();
    this.control.x402.faucet(PAYER);
    Object.assign(process.env, { AGENT_WALLET_KEY: KEY, PROXIES_RPC_URL: `${this.world.emulator.url}/rpc` });
    this.loseJournal();
  }

  loseJournal(): void {
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
    this.folder = mkdtempSync(join(tmpdir(), "x402-lease-"));
    process.env.PROXIES_SX_JOURNAL_DIR = this.folder;
  }

  get control() {
    return this.world.emulator.control;
  }

  get journalFolder(): string {
    return this.folder;
  }

  /** USDC that the payer has spent, "4.00". */
  spent(): string {
    const [whole, rest = ""] = this.control.x402.balance(PAYER).split(".");
    const micro = 100_000_000n - BigInt(whole + rest.padEnd(6, "0"));
    return `${micro / 1_000_000n}.${String(micro % 1_000_000n)
      .padStart(6, "0")
      .slice(0, 2)}`;
  }

  /** Nothing was paid that the server has no receipt of, and nothing twice for one thing. */
  expectBalanced(): void {
    const { receipts, ledgerView } = {
      receipts: this.control.x402.receipts(),
      ledgerView: this.control.x402.ledgerView(),
    };
    const got = ledgerView.balances.find(({ address }) => address === ledgerView.payTo)?.usdc ?? "0.00";
    const mined = receipts.filter((one) => one.mined);
    expect(Number(got)).toBeCloseTo(
      mined.reduce((sum, { amountUSDC }) => sum + Number(amountUSDC), 0),
      6,
    );
  }

  async close(): Promise<void> {
    process.env = this.env;
    rmSync(this.folder, { recursive: true, force: true });
    await this.world.close();
  }
}
