import { clean } from "../../text";

/**
 * Columns as wide as their widest cell; each cell is one line, whatever is in it. Where that is more than `width`, the
 * widest columns are cut, with "…".
 *
 * @param whole how many columns, from the first, are never cut: a part of an id is of no use
 */
export function table(heads: string[], rows: string[][], width = Infinity, whole = 0): string {
  const lines = [heads, ...rows].map((cells) => cells.map((cell) => clean(cell, { max: WIDEST })));
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const most = width - GAP.length * (heads.length - 1);
  const fixed = widths.slice(0, whole);
  const fitted = [...fixed, ...fit(widths.slice(whole), most - sum(fixed))];
  return lines
    .map((cells) => cells.map((cell, column) => cut(cell, fitted[column] ?? 0)).join(GAP))
    .map((line) => line.trimEnd())
    .join("\n");
}

const GAP = "  ";
/** Of a column that is cut. */
const LEAST = 6;

function fit(widths: number[], most: number): number[] {
  for (;;) {
    const widest = Math.max(...widths);
    if (widest <= LEAST || sum(widths) <= most) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

const sum = (widths: number[]): number => widths.reduce((all, one) => all + one, 0);

const cut = (cell: string, width: number): string =>
  cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width);

/** A limit's line names many ports. */
const WIDEST = 2_000;
