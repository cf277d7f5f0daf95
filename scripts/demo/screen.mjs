const WIDTH = 78;
const styled = (code, text) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);

/** "creating (0s)": a terminal would draw over it when "created" comes. */
const PASSING = /ing \(\d+s\)/;

let steps = 0;

export function heading(title, ...sentences) {
  steps += 1;
  console.log(`\n${styled("1;36", `── ${steps}. ${title} `.padEnd(WIDTH, "─"))}`);
  say(...sentences);
}

export function say(...sentences) {
  for (const sentence of sentences) console.log(`   ${sentence}`);
}

export function command(text) {
  console.log(`\n   ${styled("1", `$ ${text}`)}`);
}

/** A line of Pulumi's own output. */
export function output(line) {
  if (!PASSING.test(line)) console.log(`   ${styled("2", "│")} ${line}`);
}

export function fact(text) {
  console.log(`   ${styled("32", "✓")} ${text}`);
}
