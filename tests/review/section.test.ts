import { dayText } from "../../review/section";

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
