/** Whether two facts are known and not the same. One that an answer does not report speaks neither for nor against. */
export const differs = <T>(one: T | undefined, other: T | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;
