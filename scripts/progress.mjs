/** Seconds between signs of life where there is no terminal to redraw a line on. */
const HEARTBEAT_S = 20;

/** Shows one piece of work on one line of stderr: what it is, how long it has taken, how it ended. */
export async function step(title, work) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const { isTTY } = process.stderr;
  const draw = (mark, note) =>
    process.stderr.write(`${isTTY ? "\r\x1b[K" : ""}${mark} ${title}${note}${isTTY ? "" : "\n"}`);
  draw("…", "");
  const every = setInterval(() => draw("…", ` (${seconds()} s)`), isTTY ? 1000 : HEARTBEAT_S * 1000);
  try {
    const result = await work();
    draw("✓", ` (${seconds()} s)`);
    return result;
  } catch (error) {
    draw("✗", ` (${seconds()} s)`);
    throw error;
  } finally {
    clearInterval(every);
    if (isTTY) process.stderr.write("\n");
  }
}

/** One line that is not a piece of work. */
export function note(text) {
  process.stderr.write(`  ${text}\n`);
}
