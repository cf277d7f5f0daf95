import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Api } from "../../api";
import { Reference } from "../../provider/run/reference";
import { ReferenceCache } from "../../provider/run/reference-cache";

const COUNTRIES = [
  { id: "1".repeat(24), name: "Germany", code: "DE", iso3: "DEU" },
  { id: "2".repeat(24), name: "United Kingdom", code: "GB", iso3: "GBR" },
  { id: "3".repeat(24), name: "Poland", code: "PL", iso3: "POL" },
];
const CARRIERS = [
  { id: "a".repeat(24), name: "Vodafone D2 GmbH", brand: "Vodafone" },
  { id: "b".repeat(24), name: "Telefónica Germany GmbH & Co. oHG", brand: "O2" },
  { id: "c".repeat(24), name: "Vodafone Kabel", brand: "Vodafone" },
];

let asked: string[];
let api: Api;
let reference: Reference;
beforeEach(() => {
  asked = [];
  api = {
    reference: {
      countries: async ({ isPrivate }: { isPrivate: boolean }) => (asked.push(`countries ${isPrivate}`), COUNTRIES),
      carriers: async (id: string) => (asked.push(`carriers ${id}`), CARRIERS),
    },
  } as unknown as Api;
  reference = new Reference(api);
});

it.each(["DE", "de", "DEU", "Germany", " germany ", "1".repeat(24)])("finds a country by %j", async (country) => {
  expect((await reference.resolve({ country }, false)).country.code).toBe("DE");
});

it.each([
  ["O2", "O2"],
  ["telefonica germany gmbh & co. ohg", "O2"],
  ["b".repeat(24), "O2"],
  ["Vodafone D2 GmbH", "Vodafone"],
])("finds a carrier by %j", async (carrier, brand) => {
  expect((await reference.resolve({ country: "DE", carrier }, false)).carrier?.brand).toBe(brand);
});

it.each([
  [{ country: "Germny" }, /^country: is not a country .*Nearest: Germany \(DE\)/],
  [{ country: "UK" }, /^country: is not a country .*Nearest: /],
  [{ country: "DE", carrier: "O3" }, /^carrier: is not a carrier .*in Germany now.*Nearest: O2/],
  [
    { country: "DE", carrier: "Vodafone" },
    /^carrier: fits 2 carriers in Germany: Vodafone D2 GmbH \(a{24}\), Vodafone Kabel \(c{24}\)\. Give a name or an id\.$/,
  ],
])("refuses %j in one line", async (place, message) => {
  const failed = reference.resolve(place, false);
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.not.toThrow(/\n/);
});

it("asks once for each slot type and country", async () => {
  await Promise.all(Array.from({ length: 5 }, () => reference.resolve({ country: "DE", carrier: "O2" }, false)));
  await reference.resolve({ country: "DE" }, true);
  expect(asked).toEqual(["countries false", `carriers ${"1".repeat(24)}`, "countries true"]);
});

describe("between the processes of a run", () => {
  let folder: string;
  let now: number;
  const next = (): Reference =>
    new Reference(api, new ReferenceCache(join(folder, "deep", "reference.json"), () => now));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-reference-"));
    now = 1_000;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps answers for ten minutes", async () => {
    await next().resolve({ country: "DE", carrier: "O2" }, false);
    now += 599_000;
    expect((await next().resolve({ country: "Germany", carrier: "O2" }, false)).carrier?.id).toBe("b".repeat(24));
    expect(asked).toHaveLength(2);
    now += 2_000;
    await next().resolve({ country: "DE" }, false);
    expect(asked).toHaveLength(3);
  });

  it("asks anew for a name that the kept answers do not have", async () => {
    await next().countries(false);
    COUNTRIES.push({ id: "4".repeat(24), name: "Austria", code: "AT", iso3: "AUT" });
    expect((await next().resolve({ country: "AT" }, false)).country.name).toBe("Austria");
    COUNTRIES.pop();
    expect(asked).toEqual(["countries false", "countries false"]);
  });

  it("asks the vendor for the time, also where the answer is at hand", async () => {
    await next().countries(false);
    const second = next();
    await second.countries(false);
    await second.askAgain();
    await second.askAgain();
    expect(asked).toEqual(["countries false", "countries false"]);
  });

  it.each<[string, (path: string) => void]>([
    ["a file that others may write to", (path) => chmodSync(path, 0o666)],
    ["a folder that others may write to", (path) => chmodSync(dirname(path), 0o777)],
    [
      "a link",
      (path) => {
        renameSync(path, `${path}.other`);
        symlinkSync(`${path}.other`, path);
      },
    ],
  ])("takes no place from %s: it could be another user's", async (_what, spoil) => {
    const file = join(folder, "deep", "reference.json");
    await next().countries(false);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("1".repeat(24), "6".repeat(24)));
    spoil(file);
    expect((await next().resolve({ country: "DE" }, false)).country.id).toBe("1".repeat(24));
  });

  it("writes through no link of a name that can be guessed", async () => {
    const [file, victim] = [join(folder, "deep", "reference.json"), join(folder, "victim")];
    writeFileSync(victim, "mine");
    mkdirSync(dirname(file));
    symlinkSync(victim, `${file}.${process.pid}`);
    await next().countries(false);
    expect(readFileSync(victim, "utf8")).toBe("mine");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(["", "null", "{", "[1]", '{"countries false":1}'])("lives with a file that holds %j", async (text) => {
    await next().countries(false);
    writeFileSync(join(folder, "deep", "reference.json"), text);
    expect(await next().countries(false)).toEqual(COUNTRIES);
  });
});

describe("a kept answer", () => {
  let folder: string;
  let now: number;
  const cache = (): ReferenceCache => new ReferenceCache(join(folder, "reference.json"), () => now);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-reference-"));
    now = 10_000_000;
    cache().put("a", [1]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    [599_999, [1]],
    [600_000, undefined],
    [-599_999, [1]],
    [-600_000, undefined],
  ])("%p ms later is %j: a clock may be set back", (ms, answer) => {
    now += ms;
    expect(cache().get("a")).toEqual(answer);
  });

  it("stays beside others, until it is too old", () => {
    cache().put("b", [2]);
    expect([cache().get("a"), cache().get("b")]).toEqual([[1], [2]]);
    now += 600_000;
    cache().put("c", [3]);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, "reference.json"), "utf8")) as object)).toEqual(["c"]);
  });
});

it("a name that no answer has is asked for once more only where the answer was kept", async () => {
  await expect(reference.resolve({ country: "Atlantis" }, false)).rejects.toThrow(/Nearest/);
  expect(asked).toEqual(["countries false"]);
  reference.forget();
  await reference.countries(false);
  expect(asked).toEqual(["countries false", "countries false"]);
});

it("another failure is none of a name", async () => {
  const failing = new Reference({
    reference: { countries: () => Promise.reject(new Error("down")) },
  } as unknown as Api);
  await expect(failing.resolve({ country: "DE" }, false)).rejects.toThrow("down");
});

it("a slot type that the vendor has nothing for is reported as such", async () => {
  const empty = new Reference({ reference: { countries: async () => [] } } as unknown as Api);
  await expect(empty.resolve({ country: "DE" }, true)).rejects.toThrow(/There are none for this slot type\.$/);
});

describe("the nearest names", () => {
  const nearest = async (place: { country: string; carrier?: string }): Promise<string> => {
    const { message } = await reference.resolve(place, false).then(
      () => new Error("found"),
      (error: Error) => error,
    );
    return /Nearest: (.*)\.$/.exec(message)?.[1] ?? message;
  };

  it("come first, whatever their case and accents", async () => {
    expect(await nearest({ country: "POLANT" })).toMatch(/^Poland \(PL\), /);
    expect(await nearest({ country: "DE", carrier: "TELEFONICA germany gmbh & co. ohk" })).toMatch(/^O2, /);
  });

  it("of carriers are listed without those that have none", async () => {
    const unnamed = { id: "d".repeat(24) };
    CARRIERS.push(unnamed as (typeof CARRIERS)[number]);
    expect(await nearest({ country: "DE", carrier: "d".repeat(23) })).toMatch(new RegExp(`^${unnamed.id}, `));
    CARRIERS.pop();
  });
});

it("carriers of two countries, or of two slot types, are not taken for each other", async () => {
  await reference.carriers("1", false);
  await reference.carriers("2", false);
  await reference.carriers("1", true);
  await reference.carriers("1", false);
  expect(asked).toEqual(["carriers 1", "carriers 2", "carriers 1"]);
});

it("two carriers of one name are distinguished by their ids only", async () => {
  CARRIERS.push({ id: "e".repeat(24), name: "Vodafone Kabel", brand: "Vodafone" });
  await expect(reference.resolve({ country: "DE", carrier: "Vodafone Kabel" }, false)).rejects.toThrow(
    /fits 2 carriers/,
  );
  expect((await reference.resolve({ country: "DE", carrier: "e".repeat(24) }, false)).carrier?.id).toBe("e".repeat(24));
  CARRIERS.pop();
});
