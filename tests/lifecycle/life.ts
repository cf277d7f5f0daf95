import { AsyncLocalStorage } from "node:async_hooks";
import { typeOf } from "../../domain/kinds";
import { type Emulator, startEmulator } from "../../emulator";
import { ProviderError } from "../../provider/errors";
import { type AnyHandler } from "../../provider/handler";
import { type DynamicProvider, dynamicHost } from "../../provider/hosts/dynamic";
import { type Holder } from "../../provider/hosts/holder";
import { SessionHolder } from "../../provider/hosts/session-holder";
import { type Surroundings } from "../../provider/run/surroundings";

type Props = Record<string, unknown>;
export type Action = "create" | "same" | "update" | "replace";

/** An emulator for one test, with what tests ask it most. */
export class World {
  /** All resources of the stack. */
  readonly lives: Life<never>[] = [];
  /** URNs of updates that the state knows the beginning of, and not the end. */
  updating: string[] = [];
  /** The key of the stack's configuration. */
  apiKey: string;
  /** When the state was saved last, epoch ms by this machine's clock; undefined where it is not known. */
  savedAt?: number;
  /** Whether the engine is there that a process works for. */
  hasEngine = (): boolean => true;
  /** Whether the user has interrupted the run: the engine waits for what is under way. */
  isInterrupted = (): boolean => false;

  private constructor(readonly emulator: Emulator) {
    this.apiKey = emulator.apiKey;
  }

  static async open(options: Parameters<typeof startEmulator>[0] = {}): Promise<World> {
    return new World(await startEmulator(options));
  }

  /** The state of the stack, as an export shows it. */
  resources(): object[] {
    return this.lives.flatMap(({ urn, type, state: { id, inputs, outs } }) =>
      id === undefined ? [] : [{ urn, type, id, inputs, outputs: outs }],
    );
  }

  /** What `pulumi stack export` writes. */
  exported(): string {
    const resources = this.resources() as { urn: string }[];
    const begun = this.updating.map((urn) => ({
      type: "updating",
      resource: resources.find((one) => one.urn === urn),
    }));
    const manifest = this.savedAt === undefined ? {} : { time: new Date(this.savedAt).toISOString() };
    return JSON.stringify({ deployment: { manifest, resources, pending_operations: begun } });
  }

  /** Calls that reached the API since this was last called, as "POST /v1/ports", in order. */
  calls(): string[] {
    const calls = this.emulator.control.requests().map(({ method, path }) => `${method} ${path}`);
    this.emulator.control.clearRequests();
    return calls;
  }

  /** Calls that change something. */
  writes(): string[] {
    return this.calls().filter((call) => !call.startsWith("GET "));
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

/**
 * One resource under an engine of few lines: every run is a process of its own, asks check and diff, and does what
 * diff says, as the real engine does. The real one is the proof, in tests/engine; this one is quick.
 */
export class Life<Args extends object> {
  private id?: string;
  private outs: Props = {};
  private inputs: Props = {};
  /** Whether the last operation left it half-made: then the engine calls update, whatever the comparison says. */
  private isUnfinished = false;
  private holder!: Holder<object, never>;
  readonly notices: string[] = [];
  readonly infos: string[] = [];
  readonly progress: string[] = [];

  constructor(
    private readonly handler: AnyHandler<Args, never>,
    private readonly world: World,
    readonly urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Test::test",
  ) {
    world.lives.push(this as never);
  }

  get type(): string {
    return typeOf(this.handler.kind);
  }

  get state(): { id?: string; outs: Props; inputs: Props } {
    return { id: this.id, outs: this.outs, inputs: this.inputs };
  }

  /** What a killed run leaves: the state of before. */
  restore({ id, outs, inputs }: Life<Args>["state"]): void {
    Object.assign(this, { id, outs, inputs });
  }

  /** Starts a process as the engine does: new memory, configured before the first call. */
  process(config: Record<string, string> = {}): DynamicProvider {
    return this.processOf({ own: this.handler }, config).own;
  }

  /** A process that serves several kinds of resources, as one run of the engine does. */
  processOf<Kind extends string>(
    handlers: Record<Kind, object>,
    config: Record<string, string> = {},
  ): Record<Kind, DynamicProvider> {
    // Time that a handler or the client waits passes at once, by the emulator's clock.
    let slept = 0;
    const pass = async (ms: number): Promise<void> => {
      slept += ms;
      this.world.emulator.control.clock.advance(ms);
    };
    const inOwed = new AsyncLocalStorage<boolean>();
    const isOwed = (): boolean => inOwed.getStore() ?? false;
    const isStopped = (): boolean => this.world.isInterrupted() && !isOwed();
    const sleep = async (ms: number): Promise<void> => {
      if (isStopped()) throw new ProviderError("the run was interrupted while this waited");
      return pass(ms);
    };
    const began = Date.now();
    this.holder = this.holderOf({
      sleep,
      owed: (work) => inOwed.run(true, work),
      isOwed,
      client: { sleep: pass, now: () => performance.now() + slept },
      notice: (text) => this.notices.push(text),
      info: (text) => this.infos.push(text),
      progress: (text) => this.progress.push(text),
      isHeard: async () => this.world.hasEngine(),
      isWanted: async () => this.world.hasEngine() && !isStopped(),
      exportStack: async () => this.world.exported(),
      runBegan: () => began,
    });
    const all: Record<string, string> = {
      "proxies-sx:apiKey": this.world.apiKey,
      "proxies-sx:apiUrl": this.world.emulator.url,
      ...config,
    };
    this.holder.configure((key) => all[key]);
    const hosted = Object.entries(handlers).map(([kind, handler]) => [
      kind,
      dynamicHost(handler as never, this.holder as never),
    ]);
    return Object.fromEntries(hosted) as Record<Kind, DynamicProvider>;
  }

  /** What the calls of a process share. */
  protected holderOf(surroundings: Partial<Surroundings>): Holder<object, never> {
    return new SessionHolder(surroundings) as never;
  }

  /** The failures of check, as the engine would print them. */
  async check(args: Partial<Args>, hidden: Props = {}, config: Record<string, string> = {}): Promise<string[]> {
    const { failures } = await this.process(config).check(this.inputs, this.wire(args, hidden));
    this.close();
    return failures.map(({ reason }) => reason);
  }

  /** One `pulumi up` of this resource. Gives what was done. */
  async up(args: Args, hidden: Props = {}, provider = this.process()): Promise<Action> {
    try {
      const action = await this.run(provider, this.wire(args, hidden));
      const { purchases, balance } = this.holder as unknown as SessionHolder;
      purchases?.gaveEngine(String(this.outs.portId));
      purchases?.endedWell();
      balance?.gaveEngine((this.outs.__purchases ?? []) as string[]);
      balance?.endedWell();
      return action;
    } finally {
      this.close();
    }
  }

  private async run(provider: DynamicProvider, given: Props): Promise<Action> {
    const news = await checked(provider, this.inputs, given);
    if (this.id === undefined) return this.create(provider, news, "create");
    const diff = await provider.diff(this.id, this.outs, news);
    if (!diff.changes && !this.isUnfinished) {
      this.inputs = news;
      return "same";
    }
    if (!diff.replaces?.length) {
      this.keep((await this.keeping(provider.update(this.id, this.outs, news), news)).outs, news);
      this.inputs = news;
      return "update";
    }
    await checked(provider, {}, given);
    const [oldId, oldOuts] = [this.id, this.outs];
    await this.create(provider, news, "replace");
    await provider.delete(oldId, oldOuts);
    return "replace";
  }

  private async create(provider: DynamicProvider, news: Props, action: Action): Promise<Action> {
    const { id, outs } = await this.keeping(provider.create(news), news);
    this.id = id;
    this.keep(outs, news);
    this.inputs = news;
    return action;
  }

  /** The dynamic host's own key comes with each answer, as Pulumi's SDK gives it. */
  private keep(outs: Props, { __provider }: Props): void {
    this.outs = { ...outs, __provider };
  }

  /** An error that carries an id leaves the object in the state, as in the engine. */
  private async keeping<T>(call: Promise<T>, news: Props): Promise<T> {
    return call.then(
      (made) => {
        this.isUnfinished = false;
        return made;
      },
      (error: { id?: string; properties?: Props }) => {
        if (error.id !== undefined) {
          this.isUnfinished = true;
          const isNew = this.id === undefined;
          this.id = error.id;
          this.outs = error.properties ?? {};
          // After an update that did not end the engine keeps the inputs of before.
          if (isNew) this.inputs = news;
        }
        throw error;
      },
    );
  }

  /** One `pulumi up --replace`: no comparison, and the old object goes after the new one has come. */
  async replace(args: Args, hidden: Props = {}, provider = this.process()): Promise<void> {
    const given = this.wire(args, hidden);
    await checked(provider, {}, given);
    const [oldId, oldOuts] = [this.id as string, this.outs];
    await this.create(provider, given, "replace");
    await provider.delete(oldId, oldOuts);
    this.close();
  }

  /** One `pulumi refresh`. Gives "same", "changed" or "gone". */
  async refresh(): Promise<"same" | "changed" | "gone"> {
    const before = JSON.stringify(sorted(this.outs));
    const read = await this.process().read(this.id as string, this.outs);
    this.close();
    if (!read.id) {
      this.id = undefined;
      this.outs = {};
      this.inputs = {};
      return "gone";
    }
    this.isUnfinished = false;
    this.outs = { ...read.props, __provider: this.outs.__provider };
    if (read.inputs) this.inputs = read.inputs;
    return JSON.stringify(sorted(this.outs)) === before ? "same" : "changed";
  }

  async destroy(): Promise<void> {
    await this.process().delete(this.id as string, this.outs);
    this.close();
    this.id = undefined;
    this.outs = {};
    this.inputs = {};
  }

  private wire(args: Partial<Args>, hidden: Props): Props {
    return { ...args, ...hidden, __urn: this.urn, __provider: "text" };
  }

  private close(): void {
    this.holder.close();
  }
}

function sorted(props: Props): Props {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** A check that fails ends the run. */
async function checked(provider: DynamicProvider, olds: Props, given: Props): Promise<Props> {
  const { inputs, failures } = await provider.check(olds, given);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  return inputs;
}
