import fc from "fast-check";
import { toEpochMs } from "../../api/time";

const FIRST = Date.UTC(2000, 0);
const LAST = 253_402_300_799_999;
const MS = fc.integer({ min: FIRST, max: LAST });
const SECONDS = fc.integer({ min: 0, max: 1e11 - 1 });
const isSane = (ms: number) => ms === 0 || (ms >= FIRST && ms <= LAST);

test("milliseconds stay", () => fc.assert(fc.property(MS, (ms) => toEpochMs(ms) === ms)));

test("seconds become milliseconds, unless that is before 2000 or beyond 9999", () =>
  fc.assert(fc.property(SECONDS, (s) => toEpochMs(s) === (isSane(s * 1000) ? s * 1000 : undefined))));

test("a number as text is the number", () =>
  fc.assert(fc.property(fc.oneof(MS, SECONDS), (n) => toEpochMs(String(n)) === toEpochMs(n))));

test("ISO 8601, as JavaScript writes it", () =>
  fc.assert(
    fc.property(fc.date({ min: new Date(FIRST), max: new Date(LAST), noInvalidDate: true }), (date) => {
      return toEpochMs(date.toISOString()) === date.getTime();
    }),
  ));

test("whatever comes in, a time or undefined comes out", () =>
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const ms = toEpochMs(value);
      return ms === undefined || (Number.isInteger(ms) && isSane(ms));
    }),
  ));

test.each([
  ["2025-12-17T10:00:00Z", "2025-12-17T10:00:00.000Z"],
  ["2025-12-17T10:00:00.123456Z", "2025-12-17T10:00:00.123Z"],
  ["2025-12-17T12:00:00+02:00", "2025-12-17T10:00:00.000Z"],
  ["2025-12-17T10:00:00", "2025-12-17T10:00:00.000Z"], // no zone is UTC, not the machine's
  ["2025-12-17 10:00", "2025-12-17T10:00:00.000Z"],
  ["2025-12-17", "2025-12-17T00:00:00.000Z"],
  [1765210246994, "2025-12-08T16:10:46.994Z"],
  [1765210246, "2025-12-08T16:10:46.000Z"],
  [1765210246.994, "2025-12-08T16:10:46.994Z"],
])("%s", (value, iso) => expect(new Date(toEpochMs(value)!).toISOString()).toBe(iso));

test.each([
  ["tomorrow"],
  [""],
  ["2025-13-45T99:00:00Z"],
  ["17 Dec 2025"],
  [-1],
  [1],
  ["1999-12-31T23:59:59Z"],
  [1e11],
  [NaN],
  [Infinity],
  [1e18],
  [true],
  [null],
  [{}],
  [[1]],
])("%j is no time", (value) => expect(toEpochMs(value)).toBeUndefined());
