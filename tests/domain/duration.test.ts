import { describeSpan, durationInput, formatDuration, parseDuration } from "../../domain/duration";

it.each([
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [90, "90 s"],
  [3_600, "1 h"],
  [5_400, "90 min"],
  [86_400, "1 d"],
  [90_000, "25 h"],
])("%p seconds are written exactly, as %p", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it.each([
  [-5, "0 s"],
  [0.9, "0 s"],
  [40, "40 s"],
  [60, "1 min"],
  [3_600, "1 h"],
  [3_661, "1 h 1 min"],
  [3_601, "1 h"],
  [11_520, "3 h 12 min"],
  [86_400, "1 d"],
  [187_200, "2 d 4 h"],
  [86_460, "1 d"],
])("%p seconds are written in two units that follow each other, as %p", (seconds, text) =>
  expect(describeSpan(seconds)).toBe(text),
);

it("a decimal may have several digits", () => expect(parseDuration("0.125h")).toBe(450));

it("what is before or behind a length of time makes it none", () => {
  expect(parseDuration("in 5m")).toBeUndefined();
  expect(parseDuration("5m ago")).toBeUndefined();
});

it.each<[number, string | number]>([
  [0, 0],
  [59, 59],
  [60, "1m"],
  [90, 90],
  [5_400, "90m"],
  [3_600, "1h"],
  [90_000, "25h"],
  [86_400, "1d"],
  [2_592_000, "30d"],
])("%p seconds are written in a program as %p, and read back as the same", (seconds, input) => {
  expect(durationInput(seconds)).toBe(input);
  expect(parseDuration(input)).toBe(seconds);
});
