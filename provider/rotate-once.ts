import { type Api, isApiError, type Port, type RotateResult } from "../api";

/**
 * Rotates, and where the answer is lost looks whether it was done: a rotation is not repeated blindly. Undefined where
 * it was done and its answer is lost.
 *
 * @param before the port as it was just now
 * @param look asks for the port as it is
 */
export async function rotateOnce(
  before: Port,
  api: Api,
  look: (id: string) => Promise<Port | undefined>,
): Promise<RotateResult | undefined> {
  try {
    return await api.rotation.rotate(before.id);
  } catch (error) {
    if (!isApiError(error) || !error.maybeDone) throw error;
    const after = await look(before.id).catch(() => undefined);
    if (countOf(after) > countOf(before)) return undefined;
    throw error;
  }
}

/** NaN where it is not told, which is neither more nor less. */
const countOf = (port: Port | undefined): number => port?.rotationSettings?.rotationCount ?? NaN;
