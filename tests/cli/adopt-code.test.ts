import { type Api, type Port } from "../../api";
import { adoptCode } from "../../cli/commands/adopt-code";
import { Reference } from "../../provider/run/reference";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const DAY = 86_400_000;
const ID = "0123456789abcdef01234567";

const COUNTRIES = [{ id: "1".repeat(24), name: "Germany", code: "DE" }];
const CARRIERS = [
  { id: "a".repeat(24), name: "Vodafone D2 GmbH", brand: "Vodafone" },
  { id: "b".repeat(24), name: "Telefónica Germany", brand: "O2" },
  { id: "c".repeat(24), name: "Vodafone Kabel", brand: "Vodafone" },
];
const reference = new Reference({
  reference: { countries: async () => COUNTRIES, carriers: async () => CARRIERS },
} as unknown as Api);

const PORT: Port = {
  id: ID,
  displayName: "Proxy #12",
  country: { code: "DE" },
  carrier: { brand: "O2" },
  slotType: "shared",
  createdAt: NOW - 10 * DAY,
  expiresAt: NOW + 20 * DAY,
  proxyPassword: "canary",
};

async function code(port: Partial<Port> = {}, taken: string[] = []): Promise<string> {
  const [adoption] = await adoptCode([{ ...PORT, ...port }], new Set(taken), reference, NOW);
  expect(adoption?.id).toBe(port.id ?? ID);
  expect(adoption?.code).not.toContain("canary");
  expect(adoption?.isAdoptable).toBe(/^(const port1 = )?new proxies/m.test(adoption?.code ?? ""));
  return adoption?.code ?? "";
}

it("declares what the port is, with the whole lease", async () => {
  expect(await code()).toBe(
    `new proxies.Port("proxy-12", { country: "DE", carrier: "O2", slotType: "shared", expiresIn: "30d" }, { import: "${ID}" });`,
  );
});

it.each([
  ["hours", 36 * 3_600_000, '"36h"'],
  ["minutes", 90 * 60_000, '"90m"'],
  ["seconds", 2_592_001_000, "2592001"],
  ["whole seconds, where the vendor's times have milliseconds", 30 * DAY + 413, '"30d"'],
  ["the longest that can be declared", 366 * DAY, '"365d"'],
])("a lease in %s", async (_, ms, written) => {
  expect(await code({ createdAt: NOW, expiresAt: NOW + ms })).toContain(`expiresIn: ${written} }`);
});

it("what is left of the lease, where the time of the purchase is not known", async () => {
  expect(await code({ createdAt: undefined })).toContain('expiresIn: "20d"');
});

it.each([
  ["an end that is not known", { expiresAt: undefined }, 'is a guess for the next one\nnew proxies.Port("proxy-12"'],
  [
    "a lease that is due",
    { expiresAt: NOW + DAY },
    "the run after the one that adopts it renews it, with another port\nnew ",
  ],
  [
    "a carrier that is not on offer",
    { carrier: { brand: "Congstar" } },
    'any will do\nnew proxies.Port("proxy-12", { country: "DE", slotType',
  ],
])("warns of %s", async (_, port, words) => {
  const text = await code(port);
  expect(text).toMatch(new RegExp(`^// ${ID}: `));
  expect(text).toContain(words);
});

it("names the carrier as adoption will find it: by a brand that is one carrier's, else by name or id", async () => {
  expect(await code({ carrier: { brand: "Vodafone", name: "Vodafone Kabel" } })).toContain('carrier: "Vodafone Kabel"');
  expect(await code({ carrier: { brand: "Vodafone", id: "a".repeat(24) } })).toContain(`carrier: "${"a".repeat(24)}"`);
  expect(await code({ carrier: undefined })).toContain('{ country: "DE", slotType');
});

it("names the country by what the vendor reports of it", async () => {
  expect(await code({ country: { name: "Germany" } })).toContain('country: "Germany"');
  expect(await code({ country: { id: "1".repeat(24) } })).toContain(`country: "${"1".repeat(24)}"`);
});

it("names a place without other devices as the port does", async () => {
  const [note, statement] = (await code({ country: { code: "FR", name: "France" } })).split("\n");
  expect(note).toMatch(/no other device now/);
  expect(statement).toContain('{ country: "FR", carrier: "O2", slotType');
});

it.each([
  ["no country", { country: undefined }],
  ["a lease that is over", { expiresAt: NOW }],
  ["a status that says so", { status: "expired" }],
  ["a slot type that is new", { slotType: "dedicated" }],
])("%s: only a comment, that is no code", async (_, port) => {
  expect(await code(port)).toMatch(/^\/\/ [^\n]+$/);
});

it("declares a fingerprint, not the vendor's value for none, and none that check would refuse", async () => {
  expect(await code({ osFingerprint: "windows:1" })).toContain('osFingerprint: "windows:1" }');
  for (const osFingerprint of ["", "beos:1"]) expect(await code({ osFingerprint })).not.toContain("osFingerprint");
});

describe("rotation", () => {
  const line = async (rotationSettings: Port["rotationSettings"]): Promise<string> =>
    (await code({ rotationSettings })).split("\n").slice(1).join("\n");

  it("of a port that is as a new one: nothing to say", async () => {
    expect(await line({ enabled: false, intervalSeconds: 1800, matchCarrier: false, excludedDeviceIds: [] })).toBe("");
    expect(await line(undefined)).toBe("");
  });

  it("is declared as it is, of the Port in a variable", async () => {
    expect(
      await code({ rotationSettings: { enabled: true, intervalSeconds: 900, matchCarrier: true, matchCity: false } }),
    ).toBe(
      `const port1 = new proxies.Port("proxy-12", { country: "DE", carrier: "O2", slotType: "shared", expiresIn: "30d" }, { import: "${ID}" });\n` +
        'new proxies.RotationSettings("proxy-12-rotation", { port: port1, intervalSeconds: 900, matchCarrier: true });',
    );
    expect(await line({ enabled: false, intervalSeconds: 900, matchCity: true, excludedDeviceIds: ["d"] })).toContain(
      '{ port: port1, enabled: false, intervalSeconds: 900, matchCity: true, excludedDeviceIds: ["d"] }',
    );
  });

  it.each<[string, Port["rotationSettings"], RegExp]>([
    ["without an interval", { enabled: true }, /how often it rotates/],
    [
      "faster than a shared slot may rotate",
      { enabled: true, intervalSeconds: 60 },
      /from 300 to 86400 on a shared slot/,
    ],
  ])("%s: a comment says why it is not declared", async (_, rotationSettings, why) => {
    const text = await code({ rotationSettings });
    expect(text).toMatch(why);
    expect(text).toMatch(/^\/\/ [^\n]*\nnew proxies\.Port[^\n]*$/);
  });

  it("says so where the vendor does not report whether it keeps the carrier", async () => {
    const text = await code({ rotationSettings: { enabled: true, intervalSeconds: 900 } });
    expect(text).toMatch(/^\/\/ [^\n]*add matchCarrier if it does\nconst port1 = /);
    expect(text).toContain("{ port: port1, intervalSeconds: 900 }");
  });

  it("words of the vendor do not end the line", async () => {
    const excludedDeviceIds = ["\u2028evil()", "\u2029evil()", "\nevil()"];
    const text = await line({ enabled: true, intervalSeconds: 900, matchCarrier: false, excludedDeviceIds });
    expect(text.split(/[\n\u2028\u2029]/)).toHaveLength(1);
  });
});

it("takes names that are free, also among the new ones", async () => {
  expect(await code({}, ["proxy-12"])).toContain('Port("proxy-12-234567"');
  expect(await code({ displayName: undefined })).toContain('Port("port-234567"');
  const twins = await adoptCode([PORT, { ...PORT, id: "f".repeat(24) }], new Set(), reference, NOW);
  expect(new Set(twins.map((twin) => twin.code.slice(0, 40))).size).toBe(2);
  // Its RotationSettings would have that name.
  expect(await code({}, ["proxy-12-rotation"])).toContain('Port("proxy-12-234567"');
});

it("words of the vendor stay within their quotes and comments", async () => {
  const id = 'x"}); evil();\nevil(';
  const text = await code({ id, displayName: '"); evil(', country: undefined });
  expect(text).not.toContain("\n");
  expect(await code({ id })).toContain(`{ import: ${JSON.stringify(id)} });`);
});
