import { checkNames, unknownName } from "../../provider/input-names";

const KNOWN = ["country", "carrier", "cityId", "weight", "renewBefore", "expiresIn"];
const meant = (name: string): string | undefined =>
  /Did you mean "(.*?)"\?/.exec(unknownName({ [name]: "canary" }, KNOWN)?.reason ?? "")?.[1];

it.each([
  ["wieght", "weight"],
  ["contry", "country"],
  ["renewbefore", "renewBefore"],
  ["RENEW_BEFORE", "renewBefore"],
  ["expires", "expiresIn"],
])("of %s it knows that %s was meant", (slip, name) => {
  expect(meant(slip)).toBe(name);
});

it.each(["port", "size", "zip", "x", "constructor", "__proto_"])("of %s it names none: none is near", (name) => {
  expect(meant(name)).toBeUndefined();
  expect(unknownName({ [name]: 1 }, KNOWN)).toEqual({
    property: name,
    reason: `is not an input. There are ${KNOWN.join(", ")}.`,
  });
});

it("a name that could draw on a terminal, or is long, is not repeated", () => {
  for (const name of ["\u001b[2J", "a\nb", "‮abc", "x".repeat(1_000_000)]) {
    expect(unknownName({ [name]: 1 }, KNOWN)).toMatchObject({
      property: "inputs",
      reason: expect.stringMatching(/^one has a name/) as string,
    });
  }
});

it("undefined is not given", () => {
  expect(unknownName({ size: undefined }, KNOWN)).toBeUndefined();
});

it("a resource refuses it in one line, without the value", () => {
  expect(() => checkNames({ wieght: "canary" }, KNOWN)).toThrow(
    'wieght: is not an input. Did you mean "weight"? There are country, carrier, cityId, weight, renewBefore, expiresIn.',
  );
});
