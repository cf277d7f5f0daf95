import { marker, planMarkdown } from "../../review/markdown";
import { makePlan } from "../../review/plan";
import { parsePreview } from "../../review/preview";
import { planText } from "../../cli/commands/plan-text";
import { account, planOf } from "./recordings";
import { someOf } from "../cases";

const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";
const buying = (name: string, inputs: Record<string, unknown>): object => {
  const urn = `urn:pulumi:dev::test::${PORT}::${name}`;
  return {
    op: "create",
    urn,
    newState: { urn, inputs: { expiresIn: "30d", slotType: "shared", country: "DE", ...inputs } },
  };
};
const planFor = (steps: object[], limits = {}) =>
  makePlan(parsePreview(JSON.stringify({ steps }), "it"), account(), limits);

it("says first what matters, and folds the rest", async () => {
  const text = planMarkdown(await planOf("mixed", { countries: ["DE", "PL"] }));
  const [head, ...rest] = text.split("\n\n");
  expect(head).toBe("<!-- proxies-sx plan test/dev -->");
  expect(rest[0]).toBe(
    "### proxies.sx `test/dev`: 1 port to buy, 1 to adopt, 1 to replace (1 slot type), 1 to move, 1 to rename, 2 to release, 1 stays",
  );
  const shown = text.split("<details>")[0];
  expect(shown).toContain("- `adopted, bought: countries: GB is not one of DE, PL. Choose one of these");
  expect(shown).toContain("- `slots: needs 1 private, 0 free: 1 purchase will fail`");
  expect(shown).toContain("| `GB` | `shared` | 0 | 2 | +2 |");
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
});

it.each(someOf([1_000, 4_000]))("fits into a comment with %i ports, each in breach of a limit", async (count) => {
  const steps = Array.from({ length: count }, (_, index) =>
    buying(`scraper-with-a-rather-long-name-${index}`, {
      country: `Country ${index}`,
      carrier: "Deutsche Telekom AG 中国",
    }),
  );
  const text = planMarkdown(await planFor(steps, { countries: ["DE"] }));
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  expect(text).toMatch(/… and \d+ more: see the whole plan in the log\./);
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
});

it("words of users and the vendor cannot leave their cell", async () => {
  const evil = [
    "<img src=x onerror=alert(1)>",
    "a|b`c`",
    "@team #1 [x](javascript:y)",
    "--> <!-- x",
    "\u202Egnp.exe\u001b[31m",
    "</details>\n# h",
  ];
  const steps = evil.map((word, index) => buying(`${word} ${index}`, { country: word, carrier: word }));
  const text = planMarkdown(await planFor(steps, { countries: ["DE"] }));
  const terminal = planText(await planFor(steps));
  const bare = text.replaceAll(/`[^`]*`/g, "");
  expect(text).toContain("| `a¦bˋcˋ 1` | bought | `a¦bˋcˋ a¦bˋcˋ shared` |");
  expect(bare).not.toMatch(/onerror|javascript|@team|#1|gnp|-->\s*<!-- x/);
  for (const unseen of ["\u202e", "\u001b"]) expect(text + terminal).not.toContain(unseen);
  const tables = text.match(/^\|.*(\n\|.*)*/gm) ?? [];
  expect(tables.length).toBeGreaterThan(2);
  for (const [head, ...rows] of tables.map((table) => table.split("\n"))) {
    for (const row of rows) expect([row, row.split("|").length]).toEqual([row, head?.split("|").length]);
  }
});

it("the marker holds no end of a comment, whatever the stack is called", () => {
  expect(marker({ project: "a-->b", stack: "c d" })).toBe("<!-- proxies-sx plan a-b/c-d -->");
});
