import { metricsCommand } from "../../cli/commands/metrics";
import { type Emulator } from "../../emulator";
import { hearing } from "./terminal";

/** Serves, and returns what a scrape gets after so many polls. */
export async function scrape(emulator: Emulator, argv: string[] = [], given: Given = {}) {
  let ended = { code: NaN, err: "" };
  const answers = await scraping(
    emulator,
    argv,
    async (url) => {
      const get = async (path: string, init?: RequestInit) => {
        const answer = await fetch(new URL(path, url), init);
        return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
      };
      return {
        metrics: await get("/metrics"),
        root: await get("/"),
        post: await get("/metrics", { method: "POST" }),
      };
    },
    given,
    (end) => (ended = end),
  );
  return { ...answers, ...ended };
}

/** Serves, and does something with the address after so many looks. */
export async function scraping<T>(
  { url: PROXIES_API_URL, apiKey }: Emulator,
  argv: string[],
  use: (url: string) => Promise<T>,
  given: Given = {},
  onEnd?: (end: { code: number; err: string }) => void,
): Promise<T> {
  const { looks = 1, key: PROXIES_API_KEY = apiKey, state = "" } = given;
  const stop = new AbortController();
  const terminal = { ...hearing({ PROXIES_API_KEY, PROXIES_API_URL }), input: async () => state };
  let enough = (): void => undefined;
  const looked = new Promise<void>((resolve) => (enough = resolve));
  let left = looks;
  const wait = async (): Promise<void> => {
    left -= 1;
    if (left > 0) return;
    enough();
    await new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  };
  const ended = metricsCommand(["--listen", "127.0.0.1:0", ...argv], terminal, stop.signal, wait);
  await Promise.race([looked, ended]);
  try {
    return await use(terminal.said.out.trim());
  } finally {
    stop.abort();
    const code = await ended;
    onEnd?.({ code, err: terminal.said.err });
  }
}

interface Given {
  looks?: number;
  key?: string;
  /** What `--state -` reads. */
  state?: string;
}

/** `{ 'proxies_sx_slots{slot_type="shared",state="used"}': 3 }` */
export function series(text: string): Record<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );
}
export const sumOf = (all: Record<string, number>, name: string): number =>
  Object.entries(all).reduce((sum, [key, value]) => (key.split("{")[0] === name ? sum + value : sum), 0);
