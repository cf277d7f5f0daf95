import { UNKNOWN } from "../../domain/unknown";
import { givenInputs } from "../../provider/input-values";
import { checkPortArgs, leaseSeconds } from "../../provider/port/args";

const check = (changes: object): void => checkPortArgs({ country: "DE", expiresIn: "30d", ...changes });

it.each([
  {},
  { carrier: "O2", cityId: "x", regionId: "y", slotType: "private", onExpired: "keep", osFingerprint: "ios:1" },
  { expiresIn: 60 },
  { expiresIn: 31_536_000, renewBefore: "364d", overlap: 0 },
  { expiresIn: "1h", renewBefore: 3_599 },
  { country: UNKNOWN, expiresIn: UNKNOWN, renewBefore: "40d", overlap: UNKNOWN, slotType: UNKNOWN, onExpired: UNKNOWN },
  { renewBefore: UNKNOWN },
])("%j is fine", (changes) => expect(() => check(changes)).not.toThrow());

it.each<[object, RegExp]>([
  [{ country: undefined }, /^country: is required\. Give an ISO code or an English name, such as "DE"\.$/],
  [
    { country: " " },
    /^country: is not a name or an id \(an empty text was given\)\. Give an ISO code or an English name, such as "DE"\.$/,
  ],
  [{ country: 5 }, /^country: .* \(a whole number was given\)\. Give an ISO code/],
  [{ carrier: "" }, /^carrier: is not a name or an id .* Give a brand or a name, such as "Vodafone"\.$/],
  [{ cityId: 7 }, /^cityId: is not a name or an id .* Give one that getCities lists\.$/],
  [{ regionId: null }, /^regionId: is not a name or an id .* Give one that getRegions lists\.$/],
  [{ slotType: "dedicated" }, /^slotType: is unknown .*Give one of: shared, private\.$/],
  [{ onExpired: "renew" }, /^onExpired: is unknown .*Give one of: replace, keep, fail\.$/],
  [{ osFingerprint: "windows:99" }, /^osFingerprint: /],
  [{ expiresIn: 59 }, /^expiresIn: is not the length of a lease .* from 60 s to 365 d\.$/],
  [{ expiresIn: 31_536_001 }, /^expiresIn: is not the length of a lease .*365 d\.$/],
  [{ expiresIn: "soon" }, /^expiresIn: .*365 d\.$/],
  [{ expiresIn: "2026-12-31" }, /^expiresIn: .*it is counted from the purchase, not a date\.$/],
  [{ expiresIn: 1_800_000_000 }, /^expiresIn: .*not a date\.$/],
  [{ expiresIn: undefined }, /^expiresIn: /],
  [{ renewBefore: "x" }, /^renewBefore: is not a length of time/],
  [{ overlap: -1 }, /^overlap: is not a length of time/],
  [{ expiresIn: "1h", renewBefore: 3_600 }, /^renewBefore: 1 h is not shorter than the lease \(expiresIn is 1 h\)/],
])("%j is refused", (changes, message) => expect(() => check(changes)).toThrow(message));

it("only what was given is sent on", () => {
  expect(givenInputs({ a: 0, b: undefined, c: "" }, ["a", "b", "c"])).toEqual({ a: 0, c: "" });
  expect([leaseSeconds({ expiresIn: "1h" }), leaseSeconds({ expiresIn: UNKNOWN })]).toEqual([3_600, 0]);
});
