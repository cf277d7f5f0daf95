import { table } from "../terminal/table";
import { brokenLimits, headline, uncheckedLimits, warnings } from "../../review/headline";
import { type Plan } from "../../review/plan";
import { type Section } from "../../review/section";
import { sectionsOf } from "../../review/sections";
import { plain, Word } from "../../review/word";

/** The report for a terminal. */
export function planText(plan: Plan): string {
  const name = new Word(`${plan.project}/${plan.stack}`).text;
  const lists = [
    listed(
      "The preview failed:",
      plan.errors.map((error) => new Word(error)),
    ),
    listed("Limits that do not hold:", brokenLimits(plan)),
    listed("Limits that could not be checked:", uncheckedLimits(plan)),
    listed("Warnings:", warnings(plan)),
  ];
  return [`${name}: ${headline(plan)}`, ...lists.flat(), ...sectionsOf(plan).map(sectionText)].join("\n\n");
}

const listed = (title: string, lines: Word[]): string[] =>
  lines.length > 0 ? [[title, ...lines.map(({ text }) => `  ${text}`)].join("\n")] : [];

function sectionText({ title, heads, rows, notes }: Section): string {
  const body =
    rows.length > 0
      ? [
          table(
            heads,
            rows.map((row) => row.map(plain)),
          ),
        ]
      : [];
  return [title, ...body, ...notes.map(({ text, words }) => `${text} ${words?.text ?? ""}`.trimEnd())].join("\n");
}
