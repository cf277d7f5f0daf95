import fc from "fast-check";
import { compareUsdc, formatUsdc, parseMicro, parseUsdc } from "../../../api";

test.each([
  ["4", 4_000_000n],
  ["4.00", 4_000_000n],
  [4.1, 4_100_000n],
  ["0.000001", 1n],
  ["0.10000000", 100_000n],
  [0, 0n],
  ["999999999999.999999", 999_999_999_999_999_999n],
])("%j USDC", (text, micro) => expect(parseUsdc(text)).toBe(micro));

test.each([
  "",
  "-1",
  "+1",
  " 1",
  "1e3",
  "1.",
  ".5",
  "0x10",
  "1,5",
  "$4",
  "0.0000001",
  "1.0000001",
  NaN,
  Infinity,
  -1,
  1e-7,
  1e21,
  null,
  {},
  "1234567890123",
])("%j is no amount", (text) => expect(parseUsdc(text)).toBeUndefined());

test.each([
  ["4000000", 4_000_000n],
  ["0", 0n],
  ["007", 7n],
  [12, 12n],
])("%j millionths", (text, micro) => expect(parseMicro(text)).toBe(micro));

test.each(["", "-1", "1.5", 1.5, "1e6", "0x1", 2 ** 53, "9".repeat(19), null, [1]])("%j are no millionths", (text) =>
  expect(parseMicro(text)).toBeUndefined(),
);

test("what is shown is read as the same", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (micro) => {
      expect(parseUsdc(formatUsdc(micro))).toBe(micro);
      expect(parseMicro(String(micro))).toBe(micro);
    }),
  );
});

test("shown", () => {
  expect([0n, 1n, 100_000n, 4_000_000n, -1_500_000n].map(formatUsdc)).toEqual([
    "0.00",
    "0.000001",
    "0.10",
    "4.00",
    "-1.50",
  ]);
});

test("sorted", () => {
  expect([3n, 10n ** 17n + 1n, 10n ** 17n, 1n].sort(compareUsdc)).toEqual([1n, 3n, 10n ** 17n, 10n ** 17n + 1n]);
});
