import { clean } from "../text";

/** Columns as wide as their widest cell; each cell is one line, whatever is in it. */
export function table(heads: string[], rows: string[][]): string {
  const lines = [heads, ...rows].map((cells) => cells.map((cell) => clean(cell, { max: WIDEST })));
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/** A limit's line names many ports. */
const WIDEST = 2_000;
