import { type Port } from "../../api";
import { portInfo } from "../../provider/port/port-info";
import { type PortState, toState } from "../../provider/port/state";

const URL = "https://api.proxies.sx";
const DAY = 86_400_000;
const MADE = Date.parse("2026-03-01T00:00:00Z");
const ARGS = { country: "DE", expiresIn: "30d" };
const PORT: Port = {
  id: "p2",
  name: "new name",
  displayName: "shown",
  serverIp: "192.0.2.1",
  httpPort: 1,
  socksPort: 2,
  proxyLogin: "login",
  proxyPassword: "password",
  rotationToken: "token",
  status: "active",
  slotType: "shared",
  createdAt: MADE,
  expiresAt: MADE + 30 * DAY,
  country: { id: "c1", code: "DE" },
  carrier: { id: "v1", name: "O2", brand: "O2" },
};
let state: PortState;
beforeEach(() => (state = toState(PORT, ARGS, URL)));

it("is the inputs as given, and what the vendor reports", () => {
  expect(JSON.parse(JSON.stringify(state))).toEqual({
    ...ARGS,
    slotType: "shared",
    portId: "p2",
    name: "new name",
    displayName: "shown",
    serverIp: "192.0.2.1",
    httpPort: 1,
    socksPort: 2,
    proxyLogin: "login",
    proxyPassword: "password",
    rotationToken: "token",
    rotationUrl: "https://api.proxies.sx/rotate/token",
    status: "active",
    createdAt: "2026-03-01T00:00:00.000Z",
    expiresAt: "2026-03-31T00:00:00.000Z",
    renewAt: "2026-03-28T00:00:00.000Z",
    countryCode: "DE",
    carrierBrand: "O2",
  });
});

it("keeps what an answer does not hold", () => {
  const retiring = [{ portId: "p1", since: "2026-03-01T00:00:00.000Z" }];
  expect(toState({ id: "p2" }, ARGS, URL, { ...state, retiring })).toEqual({ ...state, retiring });
});

it.each([
  ["a new token alone", { rotationToken: "other" }, "https://api.proxies.sx/rotate/other"],
  [
    "a new token with its link",
    { rotationToken: "other", rotationLink: "https://r.example/other" },
    "https://r.example/other",
  ],
  ["the same token alone", { rotationToken: "token" }, "https://r.example/token"],
  ["no token", {}, "https://r.example/token"],
])("after an answer with %s the link is that of the token", (_, told, link) => {
  const before = toState({ ...PORT, rotationLink: "https://r.example/token" }, ARGS, URL);
  expect(toState({ id: "p2", ...told }, ARGS, URL, before).rotationUrl).toBe(link);
});

it("keeps what is for the runs after one that is killed", () => {
  const kept = { __stack: "organization/shop/dev", __brokeOff: { at: 1, until: 2 } };
  expect(toState(PORT, ARGS, URL, { ...state, ...kept })).toEqual({ ...state, ...kept });
});

it("keeps the first name, slot type and carrier: a rotation changes what the vendor reports", () => {
  const later = { ...PORT, name: "other", slotType: "private", carrier: { id: "v2", name: "X", brand: "X" } };
  expect(toState(later, ARGS, URL, state)).toMatchObject({ name: "new name", slotType: "shared", carrierBrand: "O2" });
});

it.each([
  ["private", "shared", "private"],
  ["a word of tomorrow", "private", "private"],
  [undefined, undefined, "shared"],
] as const)("reported %p and ordered %p, a new port is %s", (told, slotType, expected) => {
  expect(toState({ id: "p", slotType: told }, { ...ARGS, slotType }, URL).slotType).toBe(expected);
});

it("takes over all else that changed", () => {
  const changed = {
    displayName: "d",
    serverIp: "i",
    httpPort: 3,
    socksPort: 4,
    status: "suspended",
    rotationToken: "t",
  };
  const country = { id: "c2", code: "GB" } as Port["country"];
  expect(toState({ ...PORT, ...changed, country }, ARGS, URL, state)).toMatchObject({ ...changed, countryCode: "GB" });
});

it("has the vendor's own link to rotate, where there is one", () => {
  expect(toState({ ...PORT, rotationLink: "https://x/r" }, ARGS, URL).rotationUrl).toBe("https://x/r");
  expect(toState({ id: "p" }, ARGS, URL).rotationUrl).toBeUndefined();
});

it("keeps the port's own login while a Credentials resource has set another", () => {
  const told = { ...PORT, proxyLogin: "theirs", proxyPassword: "of theirs" };
  expect(toState(told, ARGS, URL, state)).toMatchObject({ proxyLogin: "login", proxyPassword: "password" });
  const renewed = { ...PORT, proxyPassword: "newer" };
  expect(toState(renewed, ARGS, URL, state)).toMatchObject({ proxyLogin: "login", proxyPassword: "newer" });
});

it.each([
  [999, 0],
  [-999, 0],
  [1_000, 1_000],
  [-1_000, -1_000],
])("a time that is reported %p ms off changes the state by %p ms", (off, change) => {
  const told = toState({ ...PORT, expiresAt: MADE + 30 * DAY + off }, ARGS, URL, state);
  expect(Date.parse(told.expiresAt ?? "")).toBe(MADE + 30 * DAY + change);
});

it("has no time of renewal before it knows of a lease", () => {
  expect(toState({ id: "p" }, ARGS, URL).renewAt).toBeUndefined();
  expect(toState(PORT, {}, URL).renewAt).toBeUndefined();
});

it("what is shown of a port has its times in ISO form, and no rotation where the vendor reports none", () => {
  const [createdAt, expiresAt] = ["2026-03-01T00:00:00.000Z", "2026-03-31T00:00:00.000Z"];
  expect(portInfo(PORT)).toEqual({ ...PORT, createdAt, expiresAt });
  const rotationSettings = { enabled: true, lastRotatedAt: MADE };
  expect(portInfo({ ...PORT, rotationSettings }).rotationSettings).toEqual({ enabled: true, lastRotatedAt: createdAt });
});
