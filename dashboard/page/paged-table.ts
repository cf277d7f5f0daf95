import { natural } from "../../text/natural-order";
import { whole } from "../wording";
import { el, fill } from "./dom";

export interface Column<Row> {
  head: string;
  /** What is shown. */
  cell: (row: Row) => string | Node;
  /** What it is sorted by; a column without cannot be. */
  by?: (row: Row) => string | number | undefined;
  /** Numbers stand right. */
  numeric?: boolean;
}

/** A table that shows so many rows at a time, sorted by a column that is clicked. */
export class PagedTable<Row> {
  private readonly head = el("thead");
  private readonly body = el("tbody");
  private readonly pager: Pager;
  readonly root: HTMLElement;
  private rows: Row[] = [];
  private sortedBy?: Column<Row>;
  private descending = false;

  constructor(
    private readonly columns: Column<Row>[],
    private readonly size: number,
  ) {
    this.pager = new Pager(size, () => this.render());
    const table = el("table", {}, this.head, this.body);
    this.root = el("div", { class: "table" }, el("div", { class: "scroll" }, table), this.pager.root);
    fill(this.head, el("tr", {}, ...columns.map((column) => this.headOf(column))));
  }

  show(rows: Row[]): void {
    this.rows = rows;
    this.render();
  }

  private headOf(column: Column<Row>): HTMLElement {
    const attributes = { scope: "col", ...(column.numeric && { class: "number" }) };
    if (!column.by) return el("th", attributes, column.head);
    const button = el("button", { type: "button" }, column.head);
    const head = el("th", attributes, button);
    button.addEventListener("click", () => {
      this.descending = this.sortedBy === column && !this.descending;
      this.sortedBy = column;
      for (const other of this.head.querySelectorAll("th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      this.pager.first();
    });
    return head;
  }

  private render(): void {
    const rows = this.sorted();
    const from = this.pager.of(rows.length);
    const shown = rows.slice(from, from + this.size);
    fill(this.body, ...shown.map((row) => el("tr", {}, ...this.columns.map((column) => cellOf(column, row)))));
  }

  private sorted(): Row[] {
    const by = this.sortedBy?.by;
    if (!by) return this.rows;
    const sign = this.descending ? -1 : 1;
    return [...this.rows].sort((a, b) => sign * compare(by(a), by(b)));
  }
}

/** On a narrow screen the head of its column stands beside each cell. */
function cellOf<Row>({ head, cell, numeric }: Column<Row>, row: Row): HTMLElement {
  return el("td", { "data-head": head, ...(numeric && { class: "number" }) }, cell(row));
}

/** What is not known comes last. */
function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return natural(String(a), String(b));
}

/** "51–100 of 2,000", with a button to either side; nothing where all fits on one page. */
export class Pager {
  private from = 0;
  private readonly text = el("span");
  private readonly back = el("button", { type: "button" }, "← back");
  private readonly next = el("button", { type: "button" }, "next →");
  readonly root = el("div", { class: "pager" }, this.back, this.text, this.next);

  constructor(
    private readonly size: number,
    private readonly changed: () => void,
  ) {
    this.back.addEventListener("click", () => this.go(this.from - this.size));
    this.next.addEventListener("click", () => this.go(this.from + this.size));
  }

  first(): void {
    this.go(0);
  }

  /** The first row to show of so many. */
  of(total: number): number {
    const lastPage = Math.max(0, Math.ceil(total / this.size) - 1) * this.size;
    this.from = Math.max(0, Math.min(this.from, lastPage));
    const to = Math.min(total, this.from + this.size);
    this.root.hidden = total <= this.size;
    this.text.textContent = `${this.from + 1}–${to} of ${whole(total)}`;
    this.back.disabled = this.from === 0;
    this.next.disabled = to === total;
    return this.from;
  }

  private go(to: number): void {
    this.from = to;
    this.changed();
  }
}
