import { marker, planMarkdown } from "../../review/markdown";
import { planWith, port } from "./made-plans";

describe("the comment", () => {
  const breach = { limit: "maxPorts" as const, resource: "stack dev", value: "v", advice: "a" };

  it("begins with its mark and what matters, and folds the rest", () => {
    const text = planMarkdown(
      planWith({
        ...{ project: "my shop", errors: ["it failed"], incomplete: "not all" },
        ...{
          breaches: [
            { ...breach, unchecked: false },
            { ...breach, resource: "b", unchecked: true },
          ],
        },
        places: [{ country: "D|E`", slotType: "shared", before: 0, after: 1 }],
        ports: [port("buy"), port("release")],
      }),
    );
    expect(text.split("\n\n")).toEqual(
      [
        "<!-- proxies-sx plan my-shop/dev -->",
        "### proxies.sx `my shop/dev`: the preview failed; as far as it came: 1 port to buy, 1 to release",
        "**The preview failed**\n\n- `it failed`".split("\n\n"),
        "**Limits that do not hold**\n\n- `stack dev: maxPorts: v. a`".split("\n\n"),
        "**Limits that could not be checked**\n\n- `b: maxPorts: v. a`".split("\n\n"),
        "**Warnings**\n\n- `not all`".split("\n\n"),
        "**Ports by country**",
        "| country | slot type | before | after | change |\n| --- | --- | --- | --- | --- |\n| `D¦Eˋ` | `shared` | 0 | 1 | +1 |",
        "<details><summary>Ports that change (2)</summary>",
        [
          "| port | will be | where | why |",
          "| --- | --- | --- | --- |",
          "| `buy` | bought | `DE shared` |  |",
          "| `release` | released | `DE shared` |  |",
        ].join("\n"),
        "</details>",
      ].flat(),
    );
  });

  it("is marked for its stack, whatever its name has", () => {
    expect(marker({ project: "a-->b", stack: "x y/z.1_2" })).toBe("<!-- proxies-sx plan a-b/x-y/z.1_2 -->");
  });

  it("fits where a comment is refused for its length: what is cut is counted", () => {
    const ports = Array.from({ length: 3_000 }, (_, at) => port("buy", { name: `port-${at}` }));
    const text = planMarkdown(
      planWith({ ports, places: [{ country: "DE", slotType: "shared", before: 0, after: 3_000 }] }),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    const shown = text.split("\n").filter((line) => line.startsWith("| `port-")).length;
    expect(shown).toBeGreaterThan(400);
    expect(text.includes(`… and ${3_000 - shown} more: see the whole plan in the log.`)).toBe(true);
    expect(text.includes("Ports that change (3000)")).toBe(true);
  });
});
