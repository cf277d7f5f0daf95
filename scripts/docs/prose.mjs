import jsTokens from "js-tokens";

/** What a person reads of a file, each part with its first line: of a page all but code, of a program comments and texts. */
export const proseOf = (file, text) => (isPage(file) ? [{ line: 1, text: withoutCode(text) }] : [...textsOf(text)]);

export const isPage = (file) => /\.(md|txt)$/.test(file);

/** Code and addresses become blanks, so that all else stays where it is. */
function withoutCode(page) {
  return page
    .replace(/^ *```[^]*?^ *```$|<!--[^]*?-->/gm, (code) => code.replace(/[^\n]/g, " "))
    .replace(/`[^`\n]*`/g, (code) => "`".padEnd(code.length, "_"))
    .replace(/(?<=\])\([^)\n]*\)/g, (link) => " ".repeat(link.length));
}

function* textsOf(program) {
  let line = 1;
  for (const { type, value } of jsTokens(program)) {
    if (/Comment$/.test(type) || (/^String|Template/.test(type) && value.includes(" "))) yield { line, text: value };
    line += value.split("\n").length - 1;
  }
}
