import fc from "fast-check";
import { asJson, clean, cleanLines, withoutCommands } from "../../text";
import { HOSTILE, hostileText, isUnseen } from "./hostile";
import { inLinearTime, LONG } from "./linear-time";

describe("clean", () => {
  test.each([
    ["a\u001b[2Jb", "a [2Jb"],
    ["a\r\nb\tc", "a b c"],
    ["a\u0085b\u009bc", "a b c"],
    ["DE\u202eED\u2066x", "DE ED x"],
    ["p\u200bs\u2060x\ufeff_", "p s x _"],
    ["tag\u{e0041}\u{e007f}!", "tag !"],
    ["variation\ufe0f\u{e0101}!", "variation !"],
    ["half\ud83d!", "half !"],
    ["soft\u00adhyphen", "soft hyphen"],
    ["\u2028 \u3000x ", "x"],
    ["Telefónica 日本 😀 ق", "Telefónica 日本 😀 ق"],
  ])("%j becomes %j", (text, line) => expect(clean(text)).toBe(line));

  test("is one line that shows all, and bounded", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 80 }), (text, max) => {
        const line = clean(text, { max });
        expect([...line].filter(isUnseen)).toEqual([]);
        expect(line.length).toBeLessThanOrEqual(max + 1);
        expect(clean(line, { max: max + 1 })).toBe(line);
      }),
    );
  });

  test("is cut between characters", () => expect(clean("a😀b", { max: 2 })).toBe("a…"));
});

describe("cleanLines", () => {
  test("keeps lines and tabs, and shows the rest", () => {
    expect(cleanLines("a\n\tb\u001b[0m\r\u{e0041}\ud800")).toBe("a\n\tb\\u001b[0m\\u000d\\udb40\\udc41\\ud800");
  });

  test("shows all", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect([...cleanLines(text)].filter((char) => isUnseen(char) && char !== "\n" && char !== "\t")).toEqual([]);
      }),
    );
  });
});

describe("asJson", () => {
  test("shows all, commands nobody, and parses to the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostileText, (value, text) => {
        const json = asJson([value, { [`k${text}`]: text }]);
        expect([...json].filter((char) => isUnseen(char) && char !== "\n")).toEqual([]);
        expect(withoutCommands(json)).toBe(json);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, { [`k${text}`]: text }])));
      }),
    );
  });
});

describe("withoutCommands", () => {
  test.each([
    ["::error title=x::y", ": :error title=x::y"],
    ["fine\n \t::add-mask::y", "fine\n \t: :add-mask::y"],
    ["x ##[error]y", "x # #[error]y"],
    ["###[group]", "## #[group]"],
    ["##vso[task.complete]", "# #vso[task.complete]"],
    ["##teamcity[x]", "# #teamcity[x]"],
    ["urn::x is ## fine", "urn::x is ## fine"],
  ])("%j becomes %j", (text, line) => expect(withoutCommands(text)).toBe(line));

  test("leaves none", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(":", "#", "[", "vso[", " ", "\n", "\r", "x") }), (text) => {
        expect(withoutCommands(cleanLines(text))).not.toMatch(/^\s*::|##\[|##vso\[/m);
      }),
    );
  });
});

describe("a long text", () => {
  test.each(HOSTILE)("of %j takes no time that grows faster", async (part) => {
    const text = part.repeat(LONG / part.length);
    for (const each of [clean, cleanLines, withoutCommands, asJson]) await inLinearTime(each.name, () => each(text));
  });
});
