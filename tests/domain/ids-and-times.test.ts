import { withIsoTimes } from "../../domain/iso-time";
import { isPortId, samePortId } from "../../domain/port-id";

const ID = "6b0587700b1e360aade1ea95";

it.each<[string, boolean, string]>([
  [ID, true, ID],
  [ID.toUpperCase(), true, ID],
  [`${ID}a`, false, `${ID}a`],
  [`a${ID}`, false, `a${ID}`],
  [ID.slice(1), false, ID.slice(1)],
  ["My-Port", false, "My-Port"],
])("%s is a port's id: %s, and compared as %s", (text, isOne, same) => {
  expect([isPortId(text), samePortId(text)]).toEqual([isOne, same]);
});

it("times are reported as ISO 8601, and the rest as it was", () => {
  const told = { at: 0, other: 5, none: undefined as number | undefined };
  expect(withIsoTimes(told, "at", "none")).toEqual({ at: "1970-01-01T00:00:00.000Z", other: 5, none: undefined });
  expect(told.at).toBe(0);
});
