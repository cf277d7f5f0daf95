import { metricsCommand } from "../../cli/metrics";
import { type Emulator } from "../../emulator";
import { hearing } from "./terminal";

/** Serves, after so many looks, and tells what a scrape gets. */
export async function scrape({ url: PROXIES_API_URL, apiKey }: Emulator, argv: string[] = [], given: Given = {}) {
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
  const url = terminal.said.out.trim();
  const get = async (path = "/metrics", init?: RequestInit) => {
    const answer = await fetch(new URL(path, url), init);
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  const answers = {
    metrics: await get(),
    root: await get("/"),
    post: await get("/metrics", { method: "POST" }),
  };
  stop.abort();
  return { ...answers, code: await ended, err: terminal.said.err };
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
