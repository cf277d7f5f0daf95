import { UnfinishedError } from "../errors";
import { type HeldPurchases } from "../billing/held-purchases";
import { type AnyHandler } from "../handler";
import { type Purchases } from "../purchase/purchases";
import { engineAddress } from "./engine-alive";

/**
 * Whether a run ended in order: then the engine's state holds all that it was given, and the purchases of it are done
 * with. The engine ends its provider with SIGINT, once it has saved the answers: after a run that went well or failed,
 * and after one that was interrupted once, whose calls it awaits. Interrupted twice it awaits none, so a call is in
 * progress. A terminal's own signal does not come here (the engine starts providers in a group of their own), and a CLI
 * that is killed sends none.
 */
export class RunEnd {
  private inProgress = 0;

  constructor(
    private readonly purchases: () => Purchases | undefined,
    private readonly balance: () => HeldPurchases | undefined = () => undefined,
    /** Whether the engine still waits for the answer of the call that this is asked in. */
    private readonly isHeard: () => boolean = () => true,
  ) {}

  /** A handler, with an account of the purchases that its answers give to the engine. */
  follow<Args extends object, State extends object, S>(
    handler: AnyHandler<Args, State, S>,
  ): AnyHandler<Args, State, S> {
    return {
      ...handler,
      create: (request) =>
        this.during(
          () => handler.create(request),
          ({ state }) => state,
        ),
      update: (request) =>
        this.during(
          () => handler.update(request),
          (state) => state,
        ),
    };
  }

  /** Ends this process with its engine. */
  listen(): void {
    if (engineAddress() === undefined) return;
    process.once("SIGINT", () => {
      this.interrupted();
      process.exit(0);
    });
  }

  interrupted(): void {
    // Without checkpoints the state is saved only after this.
    if (this.inProgress > 0 || process.env.PULUMI_SKIP_CHECKPOINTS) return;
    this.purchases()?.endedWell();
    this.balance()?.endedWell();
  }

  private async during<Answer>(call: () => Promise<Answer>, stateIn: (answer: Answer) => object): Promise<Answer> {
    this.inProgress += 1;
    try {
      const answer = await call();
      this.gave(stateIn(answer));
      return answer;
    } catch (error) {
      if (error instanceof UnfinishedError) this.gave(error.properties);
      throw error;
    } finally {
      this.inProgress -= 1;
    }
  }

  private gave({ portId, __purchases: nonces }: { portId?: unknown; __purchases?: unknown }): void {
    if (!this.isHeard()) return;
    if (typeof portId === "string") this.purchases()?.gaveEngine(portId);
    if (Array.isArray(nonces)) this.balance()?.gaveEngine(nonces as string[]);
  }
}
