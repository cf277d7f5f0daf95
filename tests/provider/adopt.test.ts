import { type Port } from "../../api";
import { InputError } from "../../provider/errors";
import { adopt } from "../../provider/port/adopt";
import { type PortArgs } from "../../provider/port/args";
import { ProgramMemory } from "../../provider/run/program-memory";
import { type Session } from "../../provider/run/session";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const ARGS: PortArgs = { country: "DE", expiresIn: "30d" };
const PORT: Port = {
  id: "p",
  status: "active",
  slotType: "shared",
  country: { id: "c1", code: "DE", name: "Germany" },
  carrier: { id: "v1", name: "Vodafone D2 GmbH", brand: "Vodafone" },
};
const LISTED = { country: { id: "c1", code: "DE" }, carrier: { brand: "Vodafone" } };
const urn = (name: string): string => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/proxies-sx:Port::${name}`;

let resources: object[];
let memory: ProgramMemory;
let handedOut: string[];
beforeEach(() => {
  handedOut = [];
  resources = [];
  memory = new ProgramMemory();
});

/** Adopts "p" in a world where the vendor reports this of it, and lists places with free devices or none. */
function adopted(more: Partial<Port> | undefined, news: Partial<PortArgs> = {}, place?: object, by = "a") {
  const session = {
    memory,
    purchases: { wasHandedOut: (id: string) => handedOut.includes(id) },
    resourcesOf: async () => resources,
    ports: { find: async () => more && { ...PORT, ...more } },
    now: async () => NOW,
    reference: {
      resolve: async () => {
        if (!place) throw new InputError("country", "is not a country where the vendor has devices now");
        return place;
      },
    },
  };
  return adopt("p", { urn: urn(by) }, { ...ARGS, ...news }, session as unknown as Session);
}

it("a port that is what the program declares is taken", async () => {
  const { port, place } = await adopted({}, { carrier: "vodafone" }, LISTED);
  expect([port.id, place]).toEqual(["p", LISTED]);
});

describe("where the vendor has no free device at the place", () => {
  it.each<[string, Partial<PortArgs>]>([
    ["its country", { country: "germany" }],
    ["its country's code", { country: "de" }],
    ["its carrier's brand", { carrier: "VODAFONE" }],
    ["its carrier's name", { carrier: "vodafone d2 gmbh" }],
  ])("the port's own place counts, named by %s", async (_what, news) => {
    const { place } = await adopted({}, news);
    expect(place.country).toEqual(PORT.country);
    expect(place.carrier).toEqual(news.carrier === undefined ? undefined : PORT.carrier);
  });

  it.each<[string, Partial<Port>, Partial<PortArgs>]>([
    ["another country", {}, { country: "GB" }],
    ["another carrier", {}, { carrier: "O2" }],
    ["a carrier that the vendor does not report", { carrier: undefined }, { carrier: "Vodafone" }],
    ["a country that the vendor does not report", { country: undefined }, {}],
  ])("%s is refused as at a purchase", async (_what, port, news) => {
    await expect(adopted(port, news)).rejects.toThrow("has devices now");
  });
});

describe("what differs is reported, all at once, and nothing is taken", () => {
  it.each<[Partial<Port>, Partial<PortArgs>, RegExp]>([
    [{ slotType: "private" }, {}, /declares: slotType is "private"\. Declare/],
    [{ country: { id: "c2", code: "GB" } }, { carrier: "O2" }, /declares: country is "GB"\./],
    [{ carrier: { id: "v2", name: "O2", brand: "O2" } }, { carrier: "Vodafone" }, /declares: carrier is "O2"\./],
    [{ osFingerprint: "ios:1" }, { osFingerprint: "ios:2" }, /declares: osFingerprint is "ios:1"\./],
    [
      { slotType: "private", osFingerprint: "" },
      { osFingerprint: "ios:2" },
      /slotType is "private"; osFingerprint is ""/,
    ],
  ])("%j where the program says %j", async (port, news, message) => {
    await expect(adopted(port, news, LISTED)).rejects.toThrow(message);
  });

  it("but not what one side says nothing of, or a word that nobody knows", async () => {
    await adopted({ slotType: "a word of tomorrow", osFingerprint: "ios:1" }, {}, LISTED);
    await adopted({ slotType: undefined, country: undefined, carrier: undefined }, { osFingerprint: "ios:1" }, LISTED);
  });
});

describe("a port is not taken that", () => {
  it("does not exist", () => expect(adopted(undefined)).rejects.toThrow(/port p does not exist/));

  it.each<[Partial<Port>, RegExp]>([
    [{ status: "expired" }, /port p is expired,/],
    [{ status: "deleted" }, /port p is deleted,/],
    [{ expiresAt: NOW }, /has a lease that ended at 2026-03-29T01:00:00\.000Z,/],
  ])("came to its end: %j", async (port, message) => {
    await expect(adopted(port, {}, LISTED)).rejects.toThrow(message);
    await adopted({ status: "suspended", expiresAt: NOW + 1 }, {}, LISTED);
  });

  it("another resource of the run has taken", async () => {
    await adopted({}, {}, LISTED, "first");
    await expect(adopted({}, {}, LISTED, "second")).rejects.toThrow(/by two resources, "first" and "second"/);
    await adopted({}, {}, LISTED, "first");
  });

  it("this run has taken up for another resource", async () => {
    handedOut = ["p"];
    await expect(adopted({}, {}, LISTED)).rejects.toThrow(/^port p was just taken up by another resource of this run/);
  });

  it("a renewal of the stack left: a run releases it, unless that resource goes", async () => {
    const outputs = { portId: "new", retiring: [{ portId: "older" }, { portId: "p" }] };
    resources = [{ urn: urn("no port") }, { urn: urn("other"), outputs: { retiring: [{ portId: "x" }] } }];
    resources.push({ urn: urn("renewed"), outputs });
    await expect(adopted({}, {}, LISTED)).rejects.toThrow(
      /port p is an old port of "renewed", which port new has taken the place of/,
    );
    resources = [{ urn: urn("renewed"), outputs, delete: true }];
    await adopted({}, {}, LISTED);
  });
});
