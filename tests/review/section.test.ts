import { Cells, counted, countedThat, dayText, listed, number, signed, timeText } from "../../review/section";
import { NOW, WHY } from "./made-plans";

it.each([
  ["2026-04-10T01:00:00Z", "2026-04-10"],
  ["9999-12-31T23:59:59.999Z", "9999-12-31"],
  ["+010000-01-01T00:00:00.000Z", "not for ages"],
])("%s is the day %s", (time, day) => {
  expect(dayText(Date.parse(time))).toBe(day);
});

it("a time that no calendar has is not for ages either", () => {
  expect(dayText(9e15)).toBe("not for ages");
});

describe("words", () => {
  it("numbers, and how much they change", () => {
    expect([number(2), number(2.499), number(0.001)]).toEqual(["2", "2.5", "0"]);
    expect([signed(0), signed(2), signed(-2.5)]).toEqual(["0", "+2", "−2.5"]);
  });
  it("one and several", () => {
    expect([counted(1, "port"), counted(0, "port"), counted(2, "port")]).toEqual(["1 port", "0 ports", "2 ports"]);
    expect([countedThat(1, "port", "stay"), countedThat(2, "port", "stay")]).toEqual(["1 port stays", "2 ports stay"]);
  });
  it("lists, to a length", () => {
    expect([listed(["a", "b"], 2), listed(["a", "b", "c"], 2)]).toEqual(["a, b", "a, b and 1 more"]);
  });
  it("times", () => expect(timeText(NOW + 61_000)).toBe("2026-03-01 00:01 UTC"));
  it("cells say once why a value is not known", () => {
    const cells = new Cells();
    expect([cells.show(WHY, String), cells.show(WHY, String), cells.show({ value: 0 }, String)]).toEqual([
      "unknown",
      "unknown",
      "0",
    ]);
    expect(cells.notes().map(({ text, words }) => [text, words?.text])).toEqual([["unknown:", WHY.unknown]]);
    const made = { title: "t", heads: [], rows: [["a"]], notes: [{ text: "first" }] };
    expect(cells.section(made)).toMatchObject({ rows: [["a"]], notes: [{ text: "first" }, { text: "unknown:" }] });
    expect(new Cells().section(made)).toEqual(made);
  });
  it("cells say when a value is not known, where it is given", () => {
    const cells = new Cells();
    cells.show({ unknown: "one" }, String, "after");
    for (const when of ["before", "after", undefined] as const) cells.show({ unknown: "both" }, String, when);
    expect(cells.notes().map(({ text }) => text)).toEqual(["unknown after:", "unknown before and after:"]);
  });
});
