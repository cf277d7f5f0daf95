import { isApiError } from "../../api";

/** Whether what failed for one port would fail for all others too: a key that may not, a state that cannot be read. */
export const concernsAll = (error: unknown): boolean =>
  !isApiError(error) || error.code === "unauthorized" || error.code === "forbidden";
