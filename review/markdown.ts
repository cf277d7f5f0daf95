import { brokenLimits, headline, uncheckedLimits, warnings } from "./headline";
import { type Plan } from "./plan";
import { type Section } from "./section";
import { sectionsOf } from "./sections";
import { type Cell, Word } from "./word";

/** Bytes: GitHub refuses a comment of more characters than 65,536, and each of ours may take several. */
const LONGEST = 60_000;

/** The report for a comment: what matters first, the rest folded, and cut where a comment could not hold it. */
export function planMarkdown(plan: Plan): string {
  for (let rows = 2_000; rows > 1; rows = Math.floor(rows / 2)) {
    const text = markdown(plan, rows);
    if (Buffer.byteLength(text) <= LONGEST) return text;
  }
  return markdown(plan, 1);
}

/** Unseen in the comment: a workflow finds by it the one to write anew. */
export const marker = ({ project, stack }: Pick<Plan, "project" | "stack">): string =>
  `<!-- proxies-sx plan ${`${project}/${stack}`.replace(/[^\w./]+/g, "-")} -->`;

function markdown(plan: Plan, most: number): string {
  const [places, ...details] = sectionsOf(plan);
  return [
    marker(plan),
    `### proxies.sx ${code(new Word(`${plan.project}/${plan.stack}`))}: ${headline(plan)}`,
    ...listed("**The preview failed**", plan.errors.map(asWord), most),
    ...listed("**Limits that do not hold**", brokenLimits(plan), most),
    ...listed("**Limits that could not be checked**", uncheckedLimits(plan), most),
    ...listed("**Warnings**", warnings(plan), most),
    ...(places ? [`**${places.title}**\n\n${body(places, most)}`] : []),
    ...details.map((section) => folded(section, most)),
  ].join("\n\n");
}

function listed(title: string, words: Word[], most: number): string[] {
  if (words.length === 0) return [];
  const lines = words.slice(0, most).map((word) => `- ${code(word)}`);
  return [[title, "", ...lines, ...cutLine(words.length - most)].join("\n")];
}

function folded(section: Section, most: number): string {
  const count = section.rows.length > 0 ? ` (${section.rows.length})` : "";
  return `<details><summary>${section.title}${count}</summary>\n\n${body(section, most)}\n\n</details>`;
}

function body({ heads, rows, notes }: Section, most: number): string {
  const lines = [heads, heads.map(() => "---"), ...rows.slice(0, most).map((row) => row.map(cellText))];
  const table = rows.length > 0 ? lines.map((cells) => `| ${cells.join(" | ")} |`) : [];
  const cut = cutLine(rows.length - most);
  const below = notes.slice(0, 20).map(({ text, words }) => `${text} ${words ? code(words) : ""}`.trimEnd());
  return [table.join("\n"), ...cut, ...below].filter(Boolean).join("\n\n");
}

const cutLine = (more: number): string[] => (more > 0 ? [`… and ${more} more: see the whole plan in the log.`] : []);

const cellText = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text === "" ? "" : code(cell));

/** In a code span nothing is a link, a mention, HTML or a cell's end but these two, which look like others. */
const code = ({ text }: Word): string => `\`${text.replaceAll("`", "ˋ").replaceAll("|", "¦") || " "}\``;

const asWord = (text: string): Word => new Word(text);
