/** Bytes of a message: what the engine itself takes. */
export const MOST_BYTES = 400 << 20;
