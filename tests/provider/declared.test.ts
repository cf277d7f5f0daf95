import { parseDuration } from "../../domain/duration";
import { inputsOf } from "../../provider/port/declared";

const BOUGHT = Date.UTC(2026, 0, 1);
const port = (seconds: number) => ({
  id: "p",
  country: { id: "c", code: "DE", name: "Germany" },
  slotType: "private",
  createdAt: BOUGHT,
  expiresAt: BOUGHT + seconds * 1_000,
});

test("a port's own facts are the inputs of a program that declares it, without a carrier", () => {
  const told = {
    ...port(30 * 86_400),
    carrier: { id: "v", brand: "Vodafone", name: "Vodafone" },
    osFingerprint: "ios:1",
  };
  expect(inputsOf(told)).toEqual({ country: "DE", slotType: "private", expiresIn: "30d", osFingerprint: "ios:1" });
});

test("what the vendor does not report is no input", () => {
  expect(inputsOf({ id: "p", slotType: "odd", osFingerprint: "", expiresAt: BOUGHT })).toEqual({});
});

test.each([60, 5_400, 86_400, 90_000, 3_601])("a lease of %d s is declared as one of just that length", (seconds) => {
  expect(parseDuration(inputsOf(port(seconds)).expiresIn)).toBe(seconds);
});
