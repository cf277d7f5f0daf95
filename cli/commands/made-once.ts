import { isApiError } from "../../api";

interface Making<T> {
  /** What there is of the kind. */
  list: () => Promise<T[]>;
  make: () => Promise<T>;
  /** Whether it is what was to be made. */
  isIt: (one: T) => boolean;
  /** "the order", and where to look for it: "proxies-sx pay pending". */
  what: string;
  where: string;
}

/**
 * What was made. Where its answer is lost, it is what is there now and was not before: nothing is made twice.
 *
 * @throws what `make` throws, with what to look for where that does not decide it
 */
export async function madeOnce<T extends { id?: string }>({ list, make, isIt, what, where }: Making<T>): Promise<T> {
  const before = new Set((await list()).map(({ id }) => id));
  try {
    return await make();
  } catch (error) {
    if (!isApiError(error) || !error.maybeDone) throw error;
    const after = await list().catch(() => undefined);
    const fresh = after?.filter((one) => !before.has(one.id) && isIt(one));
    if (fresh?.length === 1) return fresh[0] as T;
    const found =
      fresh === undefined
        ? `whether ${what} was made is not known`
        : fresh.length === 0
          ? `${what} is not there now`
          : `${fresh.length} that fit are new: ${fresh.map(({ id }) => id).join(", ")}`;
    throw new Error(`the answer was lost (${error.message}), and ${found}: see \`${where}\` before you repeat it`, {
      cause: error,
    });
  }
}
