/** A sentence that goes on: without the stop at its end. */
export const withoutStop = (text: string): string => text.replace(/[.\s]+$/, "");
