import { type Figures } from "../figures";
import { type FleetSnapshot } from "../fleet";
import { el, fill } from "./dom";

/** A part of the page; it is shown again for each new snapshot. */
export interface Section {
  root: HTMLElement;
  show(fleet: FleetSnapshot, figures: Figures): void;
}

/** A section with a heading, a line of words below it, and a body, or the reason why it is left out. */
export function headed(title: string, id: string, ...body: HTMLElement[]) {
  const words = el("p", { class: "words" });
  const content = el("div", { class: "content" }, ...body);
  const root = el("section", { id, class: "card" }, el("h2", {}, title), words, content);
  return {
    root,
    /** What is worth a sentence. */
    say: (...parts: (string | Node)[]) => fill(words, ...parts),
    /** Shows the body, or why there is none. */
    leaveOut(reason: string | undefined) {
      content.hidden = reason !== undefined;
      root.classList.toggle("left-out", reason !== undefined);
      if (reason !== undefined) fill(words, `Left out: ${reason}`);
    },
  };
}
