import { typeOf } from "../../domain/kinds";
import { type PortArgs } from "../../provider/port/args";
import { port } from "../../provider/port/handler";
import { type PortState } from "../../provider/port/state";
import { ProgramMemory } from "../../provider/run/program-memory";
import { type Session } from "../../provider/run/session";
import { accountOf } from "./fake-vendor";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const URN = `urn:pulumi:dev::shop::${typeOf("Port")}::a`;
const iso = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();
const ARGS: PortArgs = { country: "DE", carrier: "O2", expiresIn: "30d" };
const STATE: PortState = {
  ...ARGS,
  slotType: "shared",
  portId: "p",
  status: "active",
  expiresAt: iso(20),
  renewAt: iso(19),
};

/** What a comparison says that changes, and what it asked the session to do on the way. */
async function compared(olds: Partial<PortState>, news: Partial<PortArgs> = {}) {
  const done: string[] = [];
  const memory = new ProgramMemory();
  memory.engineHolds(URN);
  const session = {
    memory,
    account: accountOf(),
    now: async () => NOW,
    info: () => undefined,
    notice: () => undefined,
    ports: { find: async (id: string) => ({ id, status: "active" }) },
    reference: {
      resolve: async ({ country, carrier }: PortArgs) => ({ country: { id: country }, carrier: { id: carrier } }),
    },
    purchases: {
      stateHolds: (id: string) => done.push(`holds ${id}`),
      stateTellsRelease: (id: string) => done.push(`released ${id}`),
      prepare: async () => done.push("prepares"),
      wasReleasing: () => false,
      boughtEarlier: async () => undefined,
      updateOf: async () => undefined,
    },
    resourcesOf: async () => [],
  } as unknown as Session;
  const result = await port.diff({
    id: "p0",
    olds: { ...STATE, ...olds },
    news: { ...ARGS, ...news },
    hidden: { urn: URN },
    session,
  });
  return { ...result, done, dies: memory.isDying("p") };
}

const PLACE = ["countryCode", "carrierBrand", "displayName", "serverIp", "httpPort", "socksPort", "status"];
const ENDED = [{ portId: "old", since: iso(-2), expiresAt: iso(-1) }];

it.each<[string, Partial<PortState>, Partial<PortArgs>, boolean, string[]]>([
  ["nothing", {}, {}, false, []],
  ["a length in another form", {}, { expiresIn: "720h" }, false, []],
  ["a lease that begins to be another", {}, { renewBefore: "2d" }, true, ["renewAt"]],
  ["what becomes of an ended lease", {}, { onExpired: "keep" }, true, ["renewAt"]],
  ["the carrier", {}, { carrier: "Vodafone" }, true, PLACE],
  ["the country", {}, { country: "GB" }, true, PLACE],
  ["the fingerprint", {}, { osFingerprint: "windows:1" }, true, []],
  ["a fingerprint that is none", {}, { osFingerprint: "" }, false, []],
  ["an old port that is due for release", { retiring: ENDED }, {}, true, ["retiring"]],
  ["all at once", { retiring: ENDED }, { carrier: "Vodafone", overlap: "2d" }, true, ["retiring", ...PLACE, "renewAt"]],
])("%s", async (_what, olds, news, changes, touches) => {
  const { done, ...result } = await compared(olds, news);
  expect(result).toEqual({ changes, touches, dies: false });
  expect(done).toEqual(["holds p", ...(olds.retiring ?? []).map(({ portId }) => `holds ${portId}`)]);
});

it("a lease that is due, a purchase that was not read and a released port touch every output", async () => {
  const due = await compared({ expiresAt: iso(0.01), renewAt: iso(-1) });
  expect(due.touches).toEqual(expect.arrayContaining(["expiresAt", "portId", "proxyPassword", "retiring"]));
  expect([due.changes, due.touches?.[0], due.done]).toEqual([true, "expiresAt", ["holds p", "prepares"]]);
  const unread = await compared({ status: undefined });
  expect([unread.changes, unread.touches?.[0], unread.done]).toEqual([true, "status", ["holds p"]]);
  expect(unread.touches).toEqual(["status", ...(due.touches?.slice(1) ?? [])]);
  const released = await compared({ status: "renewing" });
  expect([released.changes, released.touches]).toEqual([true, due.touches]);
  expect(released.done).toEqual(["holds p", "released p", "prepares"]);
});

it("another slot type replaces it, and the port that dies is known", async () => {
  const { done: _, ...result } = await compared({}, { slotType: "private" });
  expect(result).toEqual({ changes: true, replaces: ["slotType"], dies: true });
});
