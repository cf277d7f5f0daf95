import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import { el } from "./dom";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

const NAMES = ["ink", "muted", "line", "accent", "second", "good", "warn", "bad", "rest"] as const;
export type Colours = Record<(typeof NAMES)[number], string>;

type Bars = ChartConfiguration<"bar" | "line", (number | [number, number] | null)[], string>;
type ChartOptions = NonNullable<Bars["options"]>;
export interface Drawing {
  data: Bars["data"];
  options?: ChartOptions;
  /** CSS pixels. */
  height: number;
  /** The text for a reader who cannot see it. */
  label: string;
}

const LONGEST = 26;

/** A label that leaves room for its bar. */
export const shortened = (label: string): string =>
  label.length > LONGEST ? `${label.slice(0, LONGEST / 2)}…${label.slice(1 - LONGEST / 2)}` : label;

const boxes: ChartBox[] = [];

/** A chart that can be drawn again with other data, and is in the colours of the page's style. */
export class ChartBox {
  private readonly canvas = el("canvas", { role: "img" });
  private readonly frame = el("div", { class: "chart" }, this.canvas);
  readonly root: HTMLElement;
  private chart?: Chart;
  private make?: (colours: Colours) => Drawing;

  constructor(title: string) {
    this.root = el("figure", {}, el("figcaption", {}, title), this.frame);
    boxes.push(this);
  }

  draw(make: (colours: Colours) => Drawing): void {
    this.make = make;
    const colours = coloursNow();
    const { data, options, height, label } = make(colours);
    this.canvas.setAttribute("aria-label", label);
    this.frame.style.height = `${height}px`;
    const config = { data, options: { ...common(colours), ...options } };
    if (!this.chart) {
      this.chart = new Chart(this.canvas, { type: "bar", ...config });
      return;
    }
    this.chart.data = config.data;
    this.chart.options = config.options;
    this.chart.update("none");
  }

  redraw(): void {
    if (this.make) this.draw(this.make);
  }

  resize(width?: number): void {
    if (width === undefined) this.chart?.resize();
    else this.chart?.resize(width, this.frame.clientHeight);
  }
}

/** CSS pixels of half the width of a printed page. */
const PRINTED_WIDTH = 330;

/** Keeps all charts in step with light, dark and print. */
export function followTheme(): void {
  const redraw = () => boxes.forEach((box) => box.redraw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  matchMedia("print").addEventListener("change", redraw);
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    redraw();
    boxes.forEach((box) => box.resize(box.root.classList.contains("wide") ? 2 * PRINTED_WIDTH : PRINTED_WIDTH));
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    redraw();
    boxes.forEach((box) => box.resize());
  });
}

function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

function common({ ink, muted, line }: Colours): ChartOptions {
  Chart.defaults.color = muted;
  Chart.defaults.borderColor = line;
  Chart.defaults.font.family = "system-ui, sans-serif";
  Chart.defaults.plugins.legend.labels.color = ink;
  Chart.defaults.plugins.legend.labels.boxWidth = 12;
  Chart.defaults.plugins.legend.position = "bottom";
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "nearest", axis: "xy", intersect: true },
  };
}
