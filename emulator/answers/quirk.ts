export interface Quirk<T> {
  value: T;
  /**
   * S vendor's page, M its MCP client 2.0.0, M1 the same 1.0.1, P pool-starter docs, O other files of the vendor's owner,
   * X specification of x402, I inferred.
   */
  source: string;
  says: string;
  choices?: readonly T[];
}

export const off = (source: string, says: string): Quirk<boolean> => ({ value: false, source, says });

/** The first choice is the default. */
export const choice = <T extends string | number>(
  choices: readonly [T, ...T[]],
  source: string,
  says: string,
): Quirk<T> => ({
  value: choices[0],
  source,
  says,
  choices,
});
