/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

/** A resource as `pulumi stack export` shows it. Secrets in it are encrypted. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** Whether it was replaced, and is to be deleted. */
  delete?: boolean;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** When the engine last changed it, in ISO form. */
  modified?: string;
}

/** An operation that the state knows the beginning of, and not the end. */
export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: StateResource;
}

interface Deployment {
  manifest?: { time?: string };
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** What `pulumi stack export` wrote, or why it did not, and whether another try may help. */
export type Exported = string | { why: string; mayPass: boolean };

/**
 * The state of the stack that this process works for: what it was before this run, with what this run has saved by the
 * time of the first question. Read once a process, and only where somebody asks. Where it cannot be read, one warning
 * says so and all answers are undefined.
 */
export class StackState {
  private readonly read = new Map<string, Promise<Deployment | undefined>>();

  constructor(
    private readonly warn: (text: string) => void,
    private readonly exported: (stack: string) => Promise<Exported>,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** All resources of the stack that a resource belongs to, in the engine's order. */
  async resources(urn: string, owner?: string): Promise<readonly StateResource[] | undefined> {
    const state = await this.of(urn, owner);
    return state && (state.resources ?? []);
  }

  async pendingOperations(urn: string, owner?: string): Promise<readonly PendingOperation[] | undefined> {
    const state = await this.of(urn, owner);
    return state && (state.pending_operations ?? []);
  }

  /** When the state was last saved before a time, epoch ms. Two machines are taken to agree on it by seconds. */
  async savedBefore(time: number, urn: string, owner?: string): Promise<number | undefined> {
    const { manifest, resources = [] } = (await this.of(urn, owner)) ?? {};
    const told = [manifest?.time, ...resources.map(({ modified }) => modified)];
    const times = told.map((iso) => Date.parse(iso ?? "")).filter((one) => one < time);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  private of(urn: string, owner = "organization"): Promise<Deployment | undefined> {
    const [, , stack, project] = urn.split(":").filter((part) => part !== "");
    const name = `${owner}/${project}/${stack}`;
    const known = this.read.get(name) ?? this.load(name);
    this.read.set(name, known);
    return known;
  }

  private async load(name: string): Promise<Deployment | undefined> {
    let why = "";
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await this.sleep(WAIT_MS);
      const text = await this.exported(name);
      if (typeof text === "string") {
        try {
          return (JSON.parse(text) as { deployment?: Deployment | null }).deployment ?? {};
        } catch {
          why = "it is no JSON";
        }
      } else {
        why = text.why;
        if (!text.mayPass) break;
      }
    }
    this.warn(`the state of stack ${name} cannot be read (${why}), so what an earlier run left in it is not known.`);
    return undefined;
  }
}
