import { clean } from "../../text";

/**
 * Columns as wide as their widest cell; each cell is one line, whatever is in it. Where that is more than `width`, the
 * widest columns are cut, with "…".
 */
export function table(heads: string[], rows: string[][], width = Infinity): string {
  const lines = [heads, ...rows].map((cells) => cells.map((cell) => clean(cell, { max: WIDEST })));
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  fit(widths, width - GAP.length * (heads.length - 1));
  return lines
    .map((cells) => cells.map((cell, column) => cut(cell, widths[column] ?? 0)).join(GAP))
    .map((line) => line.trimEnd())
    .join("\n");
}

const GAP = "  ";
/** Of a column that is cut. */
const LEAST = 6;

function fit(widths: number[], most: number): void {
  for (;;) {
    const widest = Math.max(...widths);
    if (widest <= LEAST || widths.reduce((sum, one) => sum + one, 0) <= most) return;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

const cut = (cell: string, width: number): string =>
  cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width);

/** A limit's line names many ports. */
const WIDEST = 2_000;
