/** Tells what is odd but harmless. */
export type Notice = (text: string) => void;

/** So that answers full of ever new values cannot fill the memory or the screen. */
const MOST = 100;

/** Says each text once. */
export function onceEach(say: Notice): Notice {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text) || said.size >= MOST) return;
    said.add(text);
    say(text);
  };
}
