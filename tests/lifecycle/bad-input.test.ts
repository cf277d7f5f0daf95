import { credentials } from "../../provider/credentials";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { rotationSettings } from "../../provider/rotation-settings";
import { Life, World } from "./life";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const HANDLERS = { port, rotationSettings, credentials, osFingerprint };
const DE = { country: "DE", expiresIn: "30d" };
const of = "a".repeat(24);

it.each<[string, keyof typeof HANDLERS, Record<string, unknown>, RegExp]>([
  [
    "interval too short for a shared slot",
    "rotationSettings",
    { port: of, intervalSeconds: 299, __slotType: "shared" },
    /^intervalSeconds: is out of range \(a whole number was given\)\..*300 to 86400 on a shared slot\.$/,
  ],
  [
    "interval too short for a private slot",
    "rotationSettings",
    { port: of, intervalSeconds: 59, __slotType: "private" },
    /^intervalSeconds: is out of range \(a whole number was given\)\..*60 to 86400 on a private slot\.$/,
  ],
  ["unknown country", "port", { ...DE, country: "Germny" }, /^country: is not a country .*Nearest: Germany \(DE\)/],
  [
    "unknown carrier",
    "port",
    { ...DE, carrier: "Vodaphone" },
    /^carrier: is not a carrier .*in Germany.*Nearest: Vodafone/,
  ],
  [
    "unknown fingerprint",
    "osFingerprint",
    { port: of, osFingerprint: "windows:9" },
    /^osFingerprint: is unknown \(a text was given\)\. Give one of: .*"windows:1" Windows 10/,
  ],
  [
    "bad lease",
    "port",
    { ...DE, expiresIn: "1 month" },
    /^expiresIn: is not the length of a lease \(a text was given\)/,
  ],
  [
    "a lease in the past",
    "port",
    { ...DE, expiresIn: "2020-01-01" },
    /^expiresIn: is not the length of a lease \(a text was given\)\..*not a date\.$/,
  ],
  [
    "a lease too short",
    "port",
    { ...DE, expiresIn: 59 },
    /^expiresIn: is not the length of a lease \(a whole number was given\)\..*from 60 s to 365 d/,
  ],
  [
    "renewal before the purchase",
    "port",
    { ...DE, expiresIn: "1d", renewBefore: "1d" },
    /^renewBefore: 1 d is not shorter than the lease/,
  ],
  [
    "empty password",
    "credentials",
    { port: of, proxyLogin: "l", proxyPassword: "" },
    /^proxyPassword: must be a text that is not empty/,
  ],
  ["a name that is no input", "port", { ...DE, contry: "DE" }, /^contry: is not an input\. Did you mean "country"\?/],
])("%s", async (_name, kind, args, expected) => {
  expect(await new Life(HANDLERS[kind] as never, world).check(args as never)).toEqual([
    expect.stringMatching(expected),
  ]);
  expect(world.writes()).toEqual([]);
});
