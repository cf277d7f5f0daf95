/** Colours of a dark terminal for the codes that Pulumi writes. */
const COLOURS = {
  1: "#ff7b72",
  2: "#7ee787",
  3: "#e3b341",
  4: "#79c0ff",
  5: "#d2a8ff",
  6: "#a5d6ff",
  12: "#79c0ff",
  13: "#d2a8ff",
  14: "#a5d6ff",
};

const STYLE = `body { margin: 0; padding: 18px 22px; background: #0d1117; color: #e6edf3 }
pre { margin: 0; font: 14px/1.45 "DejaVu Sans Mono", Menlo, monospace }`;

/** Lines that a terminal draws over. */
const PASSING = /@ updating|ing \(\d+s\)/;

/** What a command wrote on a terminal, as a page to take a picture of. */
export function terminalPage(command, output) {
  const lines = output.split(/\r?\n/).filter((line) => !PASSING.test(line));
  const text = [`$ ${command}`, ...lines].join("\n").trim();
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><pre><span>${inColour(escaped(text))}</span></pre>`;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Each code ends what the one before began. */
const inColour = (text) =>
  text
    .split("\u001b[")
    .map((part) => part.replace(/^([\d;]*)m/, (_, codes) => `</span><span style="${styleOf(codes.split(";"))}">`))
    .join("");

function styleOf(codes) {
  const last = Number(codes.at(-1));
  const colour = codes[0] === "38" ? COLOURS[last] : last >= 30 ? COLOURS[last % 10] : undefined;
  return `${colour === undefined ? "" : `color:${colour};`}${codes[0] === "1" ? "font-weight:bold" : ""}`;
}
