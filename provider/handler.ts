import { type Session } from "./run/session";

/** What the engine can be told of an input, beside its value: facts that no user sees. Each begins with `__`. */
export interface Hidden {
  /** The resource's URN. The engine gives a handler none. */
  urn?: string;
  /** The organization that the stack belongs to, where the backend has organizations. */
  owner?: string;
  /** The id of a port to take under management instead of buying one: the resource option `import`. */
  adopt?: string;
  /** The slot type of the port that a sub-resource belongs to, where the program knows it. */
  slotType?: string;
  /** A renewal waits for another run unless the lease ends within so many seconds: a fleet renews a few at a time. */
  hold?: number;
  /** The vendor's id of the port that serves now, for a sub-resource of a Port of the program. */
  portId?: string;
}

export interface Diff {
  changes: boolean;
  /** Names of the properties that force a new object. */
  replaces?: string[];
  deleteBeforeReplace?: boolean;
}

export interface ReadResult<State> {
  state: State;
  /** Given only where the vendor's side differs from the inputs in the state: the inputs that describe it. */
  inputs?: object;
}

/**
 * What a resource does, whoever asks: the engine's dynamic host today, another host tomorrow.
 * `news` holds inputs that passed `check`; in check and diff any of them may be unknown.
 */
export interface Handler<Args extends object, State extends object> {
  /** The resource's type as the engine knows it. */
  readonly type: string;
  /** Names of the inputs, for a nearest-name hint where another one is given. */
  readonly inputs: readonly (keyof Args & string)[];
  /** Names of inputs and outputs whose values must never appear in a message. */
  readonly secrets: readonly string[];
  /**
   * Throws an InputError. `olds` are the inputs in the state, none for a new object. May give inputs to add to those of
   * the program: unlike outputs they are known in a preview, also in the first one, and the next check finds them among
   * the old inputs (measured on the engine, see tests/engine/lookups.test.ts).
   */
  check(request: {
    olds: Partial<Args> | undefined;
    news: Args;
    hidden: Hidden;
    session: Session;
  }): Promise<Partial<Args> | void>;
  diff(request: { id: string; olds: State; news: Args; hidden: Hidden; session: Session }): Promise<Diff>;
  create(request: { news: Args; hidden: Hidden; session: Session }): Promise<{ id: string; state: State }>;
  /** Gives undefined where the object is gone. `olds` is empty for an object that the state does not hold yet. */
  read(request: { id: string; olds: Partial<State>; session: Session }): Promise<ReadResult<State> | undefined>;
  update(request: { id: string; olds: State; news: Args; hidden: Hidden; session: Session }): Promise<State>;
  delete(request: { id: string; olds: State; session: Session }): Promise<void>;
}
