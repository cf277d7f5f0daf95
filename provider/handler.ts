import { type Hidden } from "../domain/hidden-inputs";
import { type InputName, type KindName, type OutputName, type Same } from "../domain/kinds";
import { type Session } from "./run/session";

export interface Diff {
  changes: boolean;
  /** Names of the properties that force a new object. */
  replaces?: string[];
  /**
   * Properties that an update changes beside its inputs, for hosts that show them in a preview: only the update will
   * know their values. The first one says why there is an update that no input asks for.
   *
   * @default all outputs
   */
  touches?: readonly string[];
}

export interface ReadResult<State> {
  /** Of an object that the state does not hold yet: its id, where it was asked for by another name. */
  id?: string;
  state: State;
  /** The inputs that describe the object as the vendor has it. */
  inputs: object;
  /** Whether they differ from those in the state, so that a refresh shows it. */
  drifted: boolean;
}

/** Names of a state that its kind does not list as inputs; what begins with `__` is for the provider alone. */
type OwnOutput<K extends KindName, State> = Exclude<keyof State, InputName<K> | `__${string}`>;

/** A kind's name, where the types of its inputs and of its state have just the names of the table of kinds. */
type Checked<K extends KindName, Args, State> =
  Same<keyof Args, InputName<K>> extends true
    ? Same<OwnOutput<K, State>, OutputName<K>> extends true
      ? K
      : [
          "outputs differ from the table of kinds",
          Exclude<OwnOutput<K, State> | OutputName<K>, OwnOutput<K, State> & OutputName<K>>,
        ]
    : ["inputs differ from the table of kinds", Exclude<keyof Args | InputName<K>, keyof Args & InputName<K>>];

/**
 * What a resource does, whoever asks: the engine's dynamic host, or a plugin. A run of the engine calls
 * check first, then diff where its state holds the object, then create, update or delete.
 * `news` holds inputs that passed `check`; in check and diff any of them may be unknown. `S` is what the calls of a
 * process share: an account's session, or a wallet's.
 */
export interface AnyHandler<Args extends object, State extends object, S = Session> {
  readonly kind: KindName;
  /**
   * Throws an InputError. `olds` are the inputs in the state, none for a new object. May give inputs to add to those of
   * the program: unlike outputs they are known in a preview, also in the first one, and the next check finds them among
   * the old inputs (measured on the engine, see tests/engine/lookups.test.ts).
   */
  check(request: {
    olds: Partial<Args> | undefined;
    news: Args;
    hidden: Hidden;
    session: S;
  }): Promise<Partial<Args> | void>;
  diff(request: { id: string; olds: State; news: Args; hidden: Hidden; session: S }): Promise<Diff>;
  create(request: { news: Args; hidden: Hidden; session: S }): Promise<{ id: string; state: State }>;
  /**
   * Gives undefined where the object is gone. `olds` is empty for an object that the state does not hold yet, and `hidden`
   * where the host does not know it.
   */
  read(request: {
    id: string;
    olds: Partial<State>;
    hidden: Hidden;
    session: S;
  }): Promise<ReadResult<State> | undefined>;
  update(request: { id: string; olds: State; news: Args; hidden: Hidden; session: S }): Promise<State>;
  /** `hidden` is empty where the host does not know it. */
  delete(request: { id: string; olds: State; hidden: Hidden; session: S }): Promise<void>;
}

/** One that the compiler has compared with the table of kinds. */
export type Handler<K extends KindName, Args extends object, State extends object, S = Session> = AnyHandler<
  Args,
  State,
  S
> & {
  readonly kind: Checked<K, Args, State>;
};
