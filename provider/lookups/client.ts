import type { Api } from "../../api";

/** The API client of one account for one run, and what it has learned about the vendor as a whole. */
export class Client<A = Api> {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(readonly api: A) {}

  /**
   * Reference data: asked once a run, by all that want it at the same time together. Each gets a copy of its own. What
   * failed is asked again.
   */
  async once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(question) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.known.set(question, answer);
    try {
      return copyOf(await answer);
    } catch (error) {
      if (this.known.get(question) === answer) this.known.delete(question);
      throw error;
    }
  }
}

/** Answers are plain JSON. Not structuredClone: under Jest its arrays are none to Pulumi's SDK. */
const copyOf = <T>(answer: T): T => JSON.parse(JSON.stringify(answer)) as T;
