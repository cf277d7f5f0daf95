import { UNKNOWN } from "../../../domain/unknown";
import { type KindName } from "../../../domain/kinds";
import { UnfinishedError } from "../../../provider/errors";
import { type Hosted, type Props } from "../../../provider/hosts/hosted";
import { changedIn, madeIn, withUrls } from "../../../provider/hosts/plugin/outputs";
import { PluginResource } from "../../../provider/hosts/plugin/resource";

/** What stands between the engine's calls and a handler, whatever the handler does. */
const URN = "urn:pulumi:dev::test::proxies-sx:index:Port::a";
const DYNAMIC = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a";
const PORT = { country: "DE", expiresIn: "30d" };
const FACTS = { serverIp: "192.0.2.1", httpPort: 80, socksPort: 81, proxyLogin: "a", proxyPassword: "p" };
const HTTP = "http://a:p@192.0.2.1:80";
const SOCKS = "socks5://a:p@192.0.2.1:81";

const behind = (handler: Partial<Hosted>, kind: KindName = "Port"): PluginResource =>
  new PluginResource({ kind, ...handler } as Hosted);

describe("a check", () => {
  it.each<[string, Props, Props | undefined]>([
    ["of a new resource has no inputs of before", {}, undefined],
    ["of one in the state has those of the program", { ...PORT, carrier: null, __hold: 3 }, PORT],
  ])("%s", async (_what, olds, before) => {
    const seen: unknown[] = [];
    const check: Hosted["check"] = async (...all) => (seen.push(...all), { added: {} });
    await behind({ check }).check(URN, olds, { ...PORT, __owner: "acme", __urn: "of another" });
    expect(seen).toEqual([before, { args: PORT, hidden: { owner: "acme", urn: DYNAMIC } }]);
  });
});

describe("a comparison", () => {
  const diff = (found: Awaited<ReturnType<Hosted["diff"]>>, olds: Props = PORT) =>
    behind({ diff: async () => found }).diff(URN, { id: "id", olds, before: PORT, news: PORT });

  it("says what replaces", async () => {
    expect(await diff({ changes: true, replaces: ["slotType"] })).toMatchObject({ replaces: ["slotType"] });
  });

  it("is a change where the handler finds one, or where the other host wrote the state", async () => {
    expect(await diff({ changes: false })).toMatchObject({ isChanged: false, replaces: [] });
    expect((await diff({ changes: true })).isChanged).toBe(true);
    expect((await diff({ changes: false }, { ...PORT, __provider: "text" })).isChanged).toBe(true);
  });
});

it("a preview of a new one asks its handler nothing, and has no id", async () => {
  expect(await behind({}).create(URN, PORT, true)).toMatchObject({ id: "", state: { country: "DE", portId: UNKNOWN } });
});

describe("a refresh that finds another state", () => {
  it("keeps hidden inputs, without what is the other host's", async () => {
    const found = { state: FACTS, inputs: { country: "PL" }, drifted: true };
    const before = { ...PORT, __hold: 9, __owner: "acme", __provider: "text" };
    const read = await behind({ read: async () => found }).read(URN, "id", FACTS, before);
    expect(read?.inputs).toEqual({ country: "PL", __hold: 9, __owner: "acme" });
  });

  it("and one that does not leaves all inputs as they are", async () => {
    const found = { state: FACTS, inputs: { country: "PL" }, drifted: false };
    const before = { ...PORT, __provider: "text" };
    const read = await behind({ read: async () => found }).read(URN, "id", FACTS, before);
    expect(read).toEqual({ id: "id", inputs: before, state: { ...FACTS, httpUrl: HTTP, socks5Url: SOCKS } });
  });
});

it.each([
  ["the vendor's", "full-id", "full-id"],
  ["the one that was given", undefined, "id"],
])("an import has %s id", async (_what, id, expected) => {
  const found = { id, state: FACTS, inputs: { proxyLogin: "a", proxyPassword: "p" }, drifted: false };
  const read = await behind({ read: async () => found }, "Credentials").read(URN, "id", {}, {});
  expect(read).toMatchObject({ id: expected, inputs: { proxyLogin: "a" } });
  expect(read?.inputs).not.toHaveProperty("proxyPassword");
});

it("a delete gives the handler its state and whose it is", async () => {
  const seen: unknown[] = [];
  const gone: Hosted["delete"] = async (...all) => void seen.push(...all);
  await behind({ delete: gone }).delete(URN, "id", { ...FACTS, __provider: "text", httpUrl: HTTP });
  expect(seen).toEqual(["id", FACTS, expect.objectContaining({ urn: DYNAMIC })]);
});

describe("an update", () => {
  it("in a process that compared nothing is the handler's, and a preview of it knows no output", async () => {
    const made = behind({ update: async () => ({ ...FACTS, portId: "new" }) });
    const change = { id: "id", olds: { ...PORT, ...FACTS, portId: "old" }, news: PORT };
    expect(await made.update(URN, change, true)).toMatchObject({ ...PORT, portId: UNKNOWN, httpUrl: UNKNOWN });
    expect(await made.update(URN, change, false)).toMatchObject({ portId: "new", httpUrl: HTTP });
  });

  it("that was broken off leaves a state with the URLs; any other error is as it was", async () => {
    const error = new Error("refused");
    const change = { id: "id", olds: FACTS, news: PORT };
    await expect(behind({ update: () => Promise.reject(error) }).update(URN, change, false)).rejects.toBe(error);
    const unfinished = behind({ update: () => Promise.reject(new UnfinishedError("id", FACTS, error)) });
    await expect(unfinished.update(URN, change, false)).rejects.toMatchObject({
      ...{ id: "id", message: "refused" },
      properties: { httpUrl: HTTP, socks5Url: SOCKS },
    });
  });
});

describe("outputs", () => {
  it("have URLs where the kind has a proxy, unknown while any part of them is", () => {
    expect(withUrls("Credentials", FACTS)).toEqual({ ...FACTS, httpUrl: HTTP, socks5Url: SOCKS });
    expect(withUrls("OsFingerprint", FACTS)).toEqual(FACTS);
    const partly = { ...FACTS, proxyPassword: UNKNOWN };
    expect(withUrls("Port", partly)).toEqual({ ...partly, httpUrl: UNKNOWN, socks5Url: UNKNOWN });
  });

  it("of what a preview makes have those defaults that the class shows", () => {
    expect(madeIn("RotationSettings", { port: "p", intervalSeconds: 900 })).toEqual({
      ...{ port: "p", intervalSeconds: 900, enabled: true },
    });
    const port = madeIn("Port", PORT);
    expect(port).toMatchObject({ slotType: "shared", serverIp: UNKNOWN });
    for (const name of ["onExpired", "carrier"]) expect(port).not.toHaveProperty(name);
  });

  it("of what a preview changes have no input that is no more, and keep a default and what is not touched", () => {
    const olds = { ...PORT, ...FACTS, carrier: "O2", slotType: "shared", portId: "id", status: "active" };
    const shown = changedIn("Port", olds, PORT, ["country", "status"]);
    expect(shown).toEqual({
      ...{ ...PORT, ...FACTS, slotType: "shared", portId: "id", status: UNKNOWN },
      ...{ httpUrl: HTTP, socks5Url: SOCKS },
    });
  });
});
