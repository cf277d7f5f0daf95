import { type Send } from "./call";

/** Lets at most `most` calls run at a time, the others in the order in which they came. */
export function withLimit(send: Send, most: number): Send {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (call) => {
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve)); // takes over the place of one that ended
    try {
      return await send(call);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
