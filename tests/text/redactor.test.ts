import fc from "fast-check";
import { randomBytes } from "node:crypto";
import { MASK, Redactor } from "../../text";
import { Automaton } from "../../text/automaton";
import { HOSTILE, hostileText } from "./hostile";
import { inLinearTime, LONG } from "./linear-time";

const SECRET = 'psx_Ab3/k+9~q w&é"\\';

/** The ways in which a text may hold a secret. */
const FORMS: [string, (secret: string) => string][] = [
  ["plain", (secret) => secret],
  ["upper case", (secret) => secret.replace(/[a-z]/g, (sign) => sign.toUpperCase())],
  ["lower case", (secret) => secret.replace(/[A-Z]/g, (sign) => sign.toLowerCase())],
  ["JSON", (secret) => JSON.stringify(secret).slice(1, -1)],
  ["JSON in JSON", (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
  [
    "JSON's numbers",
    (secret) => [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  ],
  ["URL", encodeURIComponent],
  ["URL, lower case", (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
  ["URL, every sign", (secret) => Buffer.from(secret).toString("hex").replace(/../g, "%$&")],
  ["URL, twice", (secret) => encodeURIComponent(encodeURIComponent(secret))],
  ["form", (secret) => new URLSearchParams({ a: secret }).toString().slice(2)],
  ["hex", (secret) => Buffer.from(secret).toString("hex")],
  ["HEX", (secret) => Buffer.from(secret).toString("hex").toUpperCase()],
  ["base64", (secret) => Buffer.from(secret).toString("base64")],
  ["base64url", (secret) => Buffer.from(secret).toString("base64url")],
  ["base64 behind a login", (secret) => Buffer.from(`user:${secret}`).toString("base64")],
  ["base64 within more", (secret) => Buffer.from(`x${secret}y`).toString("base64")],
  ["base64 in a URL", (secret) => encodeURIComponent(Buffer.from(secret).toString("base64"))],
  ["HTML", (secret) => secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("é", "&#233;")],
  ["unseen signs in between", (secret) => [...secret].join("\u200b")],
  ["tags in between", (secret) => [...secret].join("\u{e0041}\u001b")],
];

describe("a secret", () => {
  test.each(FORMS)("is cut out as %s", (_, form) => {
    expect(new Redactor(["else-where", SECRET]).cut(`it, ${form(SECRET)}.`)).toMatch(
      /^it, \w{0,6}\[secret\]\w{0,2}(=|%3D)*\.$/,
    );
  });

  test.each(FORMS)("is cut out as %s, whatever it is and stands in", (name, form) => {
    const secrets = fc.string({ unit: "grapheme-ascii", minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(secrets, hostileText, hostileText, (secret, before, after) => {
        fc.pre(!MASK.toLowerCase().includes(secret.toLowerCase()));
        const told = form(secret);
        // What stands beside it may join it where an encoding is recognised by its letters only.
        const isBare = name.startsWith("base64") || /^hex$/i.test(name);
        const text = isBare ? `${before} ${told} ${after}` : before.replace(/[\\%&]|\\u\w*$/g, "") + told + after;
        expect(new Redactor([secret]).cut(text).includes(told)).toBe(false);
      }),
    );
  });

  test("is cut out where others overlap it, as one", () => {
    expect(new Redactor(["abcdef", "defghi", "cdef"]).cut("xabcdefghix")).toBe(`x${MASK}x`);
  });

  test("that begins like another is cut out whole", () => {
    expect(new Redactor(["abcd", "abcdefgh"]).cut("abcdefgh abcdefg")).toBe(`${MASK} ${MASK}efg`);
  });

  test("is no word of the rest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 4, unit: "grapheme" }), { minLength: 1, maxLength: 5 }),
        fc.string(),
        (secrets, text) => {
          fc.pre(secrets.every((secret) => !text.includes(secret)));
          const cut = new Redactor(secrets).cut(text);
          if (cut !== text)
            expect(secrets.some((secret) => text.toLowerCase().includes(secret.toLowerCase()))).toBe(true);
        },
      ),
    );
  });

  test("cut out before stays so", () => {
    const redactor = new Redactor(["secret", "cret]", "abcd"]);
    const once = redactor.cut("abcd secret");
    expect(once).toBe(`${MASK} ${MASK}`);
    expect(redactor.cut(once)).toBe(once);
  });

  test("of numbers is cut out", () => expect(new Redactor(["123456"]).cut("no 123456!")).toBe(`no ${MASK}!`));

  test("with blanks is cut out as a form writes it, in a text that has nothing else of note", () => {
    expect(new Redactor(["pass word"]).cut("it is pass+word here")).toBe(`it is ${MASK} here`);
  });

  test("is cut out of a long run of signs beside many that hold none", () => {
    const runs = Array.from({ length: 50 }, () => randomBytes(30).toString("base64url"));
    const told = Buffer.from(`--${SECRET}--`).toString("base64url");
    expect(new Redactor([SECRET]).cut([...runs, told, ...runs].join(","))).not.toContain(told);
    expect(new Redactor([SECRET]).cut(runs.join(","))).toBe(runs.join(","));
  });

  test("too short to be cut out takes the text with it, where it is a word", () => {
    const redactor = new Redactor(["a1", undefined, ""]);
    expect(redactor.cut("the password a1 is weak")).toBe("(a text that repeats a secret is left out)");
    expect(redactor.cut("a12 ba1")).toBe("a12 ba1");
  });
});

/** Most texts hold no secret, and answers are long: they are looked through unit by unit only where that is needed. */
describe("a text that plainly has no secret", () => {
  it("is not read unit by unit, also with signs of other languages and &", () => {
    const search = jest.spyOn(Automaton.prototype, "search");
    try {
      const text = JSON.stringify(
        { carrier: "AT&T", city: "São Paulo", "ciudad de México": "ok & fine" },
        undefined,
        1,
      );
      expect(new Redactor([`psx_${"a".repeat(64)}`]).cut(text)).toBe(text);
      expect(search).not.toHaveBeenCalled();
      new Redactor([`psx_${"a".repeat(64)}`]).cut("%41");
      expect(search).toHaveBeenCalled();
    } finally {
      search.mockRestore();
    }
  });

  it.each([
    ["broken over two lines", "psx_01234567", "São Paulo: psx_0123\n4567, and so on", "São Paulo: [secret], and so on"],
    ["broken by a tab", "psx_01234567", "psx_01\t234567", "[secret]"],
    ["in base64 that is broken over two lines", "psx_01234567", "of cHN4XzAx\r\nMjM0NTY3.", "of [secret]."],
    ["in base64 with a sign of another language in between", "password", "of cGFzİc3dvcmQ.", "of [secret]."],
    ["in hexadecimal digits with a sign in between", "password", "of 706173 \u00e9 73776f7264.", "of [secret]."],
    ["written as a form does, in base64", "psx_01 234567", `of ${btoa("a=psx_01+234567")}.`, "of YT[secret]."],
  ])("is none where one is %s", (_how, secret, text, without) => {
    expect(new Redactor([secret]).cut(text)).toBe(without);
  });

  it("comes out as where it is read so, whatever it has", () => {
    const parts = [
      "pass",
      "word",
      "p",
      "\u0130",
      "\u212a",
      "K",
      "Σ",
      "ς",
      "é",
      "&",
      "&amp;",
      "&#112;",
      "%70",
      "\\",
      "\u200b",
      "\n",
      "\r",
      "\t",
      "cGFz\r\nc3dvcmQ",
      "YT0xJnA9az8rYQ",
      "cGFz",
      "c3dvcmQ",
      "706173",
      "+",
      " ",
    ];
    const text = fc.array(fc.constantFrom(...parts, "cGFzc3dvcmQ", "70617373776f7264", "PASS"), { maxLength: 12 });
    const others = Array.from({ length: 9 }, (_, index) => `other-secret-${index}`);
    fc.assert(
      fc.property(
        text,
        fc.constantFrom("password", "k&pass", "passΣ", "é&p word", "pass word", "k?k"),
        (all, secret) => {
          const unitByUnit = new Redactor([secret, ...others]);
          expect(new Redactor([secret]).cut(all.join(""))).toBe(unitByUnit.cut(all.join("")));
        },
      ),
    );
  });
});

describe("line", () => {
  test("cuts before it bounds", () => {
    expect(new Redactor(["0123456789"]).line(`${"x".repeat(15)}0123456789`, { max: 20 })).toBe(
      `${"x".repeat(15)}[secr…`,
    );
  });
});

describe("a long text and 3,000 secrets", () => {
  const secrets = Array.from({ length: 3_000 }, () => randomBytes(12).toString("hex"));
  const redactor = new Redactor([...secrets, "a".repeat(300), `${"a".repeat(299)}b`, "0f".repeat(90)]);

  test.each([...HOSTILE, secrets[7] ?? "", "a", "a".repeat(298) + "c", MASK])("of %j", async (part) => {
    const text = part.repeat(Math.ceil(LONG / part.length));
    await inLinearTime("cut", () => redactor.cut(text));
  });

  test("as words of a preview", async () => {
    await inLinearTime("line", () => {
      for (let at = 0; at < 10_000; at++) redactor.line(`the port scraper-${at} of DE`);
    });
  });
});
