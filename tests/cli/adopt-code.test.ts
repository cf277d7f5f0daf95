import { type Api, type Port } from "../../api";
import { adoptCode } from "../../cli/adopt-code";
import { Reference } from "../../provider/reference";

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

it("what is left of the lease, where the purchase is not told", async () => {
  expect(await code({ createdAt: undefined })).toContain('expiresIn: "20d"');
});

it.each([
  ["an end that is not told", { expiresAt: undefined }, 'is a guess for the next one\nnew proxies.Port("proxy-12"'],
  ["a lease that is due", { expiresAt: NOW + DAY }, "the run after the one that adopts it replaces it\nnew "],
  ["a lease that is over", { createdAt: undefined, expiresAt: NOW - DAY }, 'replaces it\nnew proxies.Port("proxy-12"'],
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

it("names the country by what the vendor tells of it", async () => {
  expect(await code({ country: { name: "Germany" } })).toContain('country: "Germany"');
  expect(await code({ country: { id: "1".repeat(24) } })).toContain(`country: "${"1".repeat(24)}"`);
});

it.each([
  ["no country", { country: undefined }],
  ["a country without other devices", { country: { code: "FR" } }],
  ["a slot type that is new", { slotType: "dedicated" }],
])("%s: only a comment, that is no code", async (_, port) => {
  expect(await code(port)).toMatch(/^\/\/ [^\n]+$/);
});

it("declares a fingerprint, not the vendor's value for none, and none that check would refuse", async () => {
  expect(await code({ osFingerprint: "windows:1" })).toContain('osFingerprint: "windows:1" }');
  for (const osFingerprint of ["", "beos:1"]) expect(await code({ osFingerprint })).not.toContain("osFingerprint");
});

it("takes names that are free, also among the new ones", async () => {
  expect(await code({}, ["proxy-12"])).toContain('Port("proxy-12-234567"');
  expect(await code({ displayName: undefined })).toContain('Port("port-234567"');
  const twins = await adoptCode([PORT, { ...PORT, id: "f".repeat(24) }], new Set(), reference, NOW);
  expect(new Set(twins.map((twin) => twin.code.slice(0, 40))).size).toBe(2);
});

it("words of the vendor stay within their quotes and comments", async () => {
  const id = 'x"}); evil();\nevil(';
  const text = await code({ id, displayName: '"); evil(', country: undefined });
  expect(text).not.toContain("\n");
  expect(await code({ id })).toContain(`{ import: ${JSON.stringify(id)} });`);
});
