import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type Port, type PortOrder } from "../../api";
import { ClaimedPorts } from "../../provider/purchase/claimed-ports";
import { Journal } from "../../provider/purchase/journal";
import { PortReader } from "../../provider/run/port-reader";
import { KilledElsewhere, type OrderOf } from "../../provider/purchase/killed-elsewhere";
import { type PendingOperation, StackState, type StateResource } from "../../provider/run/stack-state";

const TYPE = "pulumi-nodejs:dynamic/proxies-sx:Port";
const urnOf = (name: string): string => `urn:pulumi:dev::shop::${TYPE}::${name}`;
const ORDER: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };

const MINUTE = 60_000;
/** This machine's clock; the vendor's is an hour ahead. The state was saved 10 minutes before the run began. */
const BEGAN = Date.parse("2026-01-01T12:00:00Z");
const NOW = BEGAN + MINUTE;
const AHEAD = 60 * MINUTE;

const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urnOf(name),
  type: TYPE,
  inputs: { country: "DE", expiresIn: "1d", __urn: name },
  ...more,
});
const pending = (name: string, type: PendingOperation["type"] = "creating"): PendingOperation => ({
  type,
  resource: resource(name),
});
/** A port of the vendor's, made so many minutes after the state was saved last. */
function made(id: string, minutes: number, more: Partial<Port> = {}): Port {
  const createdAt = BEGAN - 10 * MINUTE + AHEAD + minutes * MINUTE;
  return { id, createdAt, expiresAt: createdAt + 86_400_000, country: { id: "de", code: "DE" }, ...more };
}

/** A run on another machine, with what the state says and which ports nobody here claims. */
function run(
  told: { operations?: PendingOperation[]; resources?: StateResource[]; savedMinutesAgo?: number },
  ports: Port[],
): KilledElsewhere {
  const exported = JSON.stringify({
    deployment: {
      manifest: { time: new Date(BEGAN - (told.savedMinutesAgo ?? 10) * MINUTE).toISOString() },
      resources: told.resources ?? [],
      pending_operations: told.operations ?? [],
    },
  });
  const silent = (): void => undefined;
  const state = new StackState(
    silent,
    async () => exported,
    async () => undefined,
  );
  const [now, serverNow] = [(): number => NOW, (): number => NOW + AHEAD];
  const listed = { ports: { list: async () => ports } } as unknown as Api;
  const claimed = new ClaimedPorts(new Journal(join(tmpdir(), "proxies-sx-no-such-journal")), serverNow);
  return new KilledElsewhere(state, new PortReader(listed), claimed, { now, serverNow, runBegan: () => BEGAN });
}

/** Inputs name countries by their codes, orders by ids. */
const orderOf: OrderOf = async (inputs) => {
  const { country, carrier } = inputs as { country: string; carrier?: string };
  return { ...ORDER, countryId: country.toLowerCase(), ...(carrier && { carrierId: carrier }) };
};

async function find(purchases: KilledElsewhere, ...names: string[]): Promise<(string | undefined)[]> {
  const found = names.map(async (name) => {
    await purchases.prepare({ urn: urnOf(name) });
    return (await purchases.find({ urn: urnOf(name) }, ORDER, orderOf))?.id;
  });
  return Promise.all(found);
}

it("the one port that was made since is what the interrupted create bought", async () => {
  expect(await find(run({ operations: [pending("a")] }, [made("1", 2)]), "a")).toEqual(["1"]);
});

it("a port from just before the state was saved counts too: other resources may have been saved meanwhile", async () => {
  expect(await find(run({ operations: [pending("a")] }, [made("1", -5)]), "a")).toEqual(["1"]);
});

it.each<[string, Parameters<typeof run>]>([
  ["no operation is pending", [{}, [made("1", 2)]]],
  ["it is another resource's", [{ operations: [pending("b")] }, [made("1", 2)]]],
  ["it is no operation that buys", [{ operations: [pending("a", "reading")] }, [made("1", 2)]]],
  ["the port is from long before", [{ operations: [pending("a")] }, [made("1", -60)]]],
  [
    "the port was made hours after the killed run",
    [{ operations: [pending("a")], savedMinutesAgo: 120 }, [made("1", -70)]],
  ],
  ["the port was made in this run", [{ operations: [pending("a")] }, [made("1", 10.5)]]],
  [
    "the port has another lease",
    [{ operations: [pending("a")] }, [made("1", 2, { expiresAt: NOW + 30 * 86_400_000 })]],
  ],
  [
    "the resource was made by a later run",
    [{ operations: [pending("a")], resources: [resource("a")] }, [made("1", 2)]],
  ],
  ["an update made the resource, and is gone", [{ operations: [pending("a", "updating")] }, [made("1", 2)]]],
])("nothing is taken up where %s", async (_why, [state, ports]) => {
  expect(await find(run(state, ports), "a")).toEqual([undefined]);
});

it("a renewal that was interrupted is taken up, and no port that the state holds is a candidate", async () => {
  const resources = [
    resource("a", { id: "1", outputs: { portId: "2", retiring: [{ portId: "3", since: "…" }] } }),
    resource("b", { id: "4", delete: true }),
  ];
  const ports = ["1", "2", "3", "4", "5"].map((id) => made(id, 2));
  expect(await find(run({ operations: [pending("a", "updating")], resources }, ports), "a")).toEqual(["5"]);
});

it("as many ports as operations of one kind: each is given once; one less: the last buys", async () => {
  const operations = ["a", "b", "c"].map((name) => pending(name));
  const found = await find(run({ operations }, [made("1", 1), made("2", 2), made("3", 3)]), "a", "b", "c");
  expect(found.sort()).toEqual(["1", "2", "3"]);
  const fewer = await find(run({ operations }, [made("1", 1), made("2", 2)]), "a", "b", "c");
  expect(fewer.filter((id) => id !== undefined).sort()).toEqual(["1", "2"]);
});

it("operations that were for other things could have bought the same port: as many ports as all of them are clear", async () => {
  const inputs = { country: "DE", carrier: "v", expiresIn: "1d" };
  const picky: PendingOperation = { type: "creating", resource: resource("b", { inputs }) };
  const operations = [pending("a"), picky];
  const ports = ["v", "w"].map((id) => made(id, 2, { carrier: { id, name: id } }));
  expect(await find(run({ operations }, ports), "a")).toEqual(["w"]);
  await expect(find(run({ operations: [pending("a")] }, ports), "a")).rejects.toThrow(/2 new ports fit/);
});

it("an order of another account bought none of these ports: what somebody else bought stays unclear", async () => {
  const theirs: PendingOperation = { type: "creating", resource: resource("b", { provider: "urn:other::1" }) };
  const purchases = run({ operations: [pending("a"), theirs] }, [made("1", 1), made("2", 2)]);
  await expect(find(purchases, "a")).rejects.toThrow(/2 new ports fit one lost answer/);
});

it("what each operation ordered is looked up once, however many there are", async () => {
  const operations = ["a", "b", "c"].map((name) => pending(name));
  const purchases = run({ operations }, [made("1", 1), made("2", 2), made("3", 3)]);
  let asked = 0;
  for (const { resource: one } of operations) {
    await purchases.prepare({ urn: one.urn });
    await purchases.find({ urn: one.urn }, ORDER, (inputs) => ((asked += 1), orderOf(inputs)));
  }
  expect(asked).toBe(3);
});

it("the program has another country since: what was ordered then is taken up", async () => {
  const operation: PendingOperation = {
    type: "creating",
    resource: resource("a", { inputs: { country: "PL", expiresIn: "1d" } }),
  };
  const poland = made("1", 2, { country: { id: "pl", code: "PL" } });
  expect(await find(run({ operations: [operation] }, [poland]), "a")).toEqual(["1"]);
});

it("what is ordered now counts too: of an update that a refresh marked, the state has earlier inputs", async () => {
  const outputs = { __brokeOff: { at: BEGAN - 10 * MINUTE + AHEAD, until: BEGAN + AHEAD } };
  const marked = resource("a", { id: "0", inputs: { country: "PL", expiresIn: "1d" }, outputs });
  expect(await find(run({ resources: [marked] }, [made("1", 2)]), "a")).toEqual(["1"]);
});

it("more ports than operations: the candidates are named", async () => {
  const purchases = run({ operations: [pending("a")] }, [made("1", 1), made("2", 2)]);
  await expect(find(purchases, "a")).rejects.toThrow(
    /on another machine, may have bought .*2 new ports fit one lost answer: 1, 2\..*--clear-pending-creates/,
  );
});

it("without the look before its operation began, an operation may be this run's own: nothing is taken up", async () => {
  const purchases = run({ operations: [pending("a")] }, [made("1", 2)]);
  expect(await purchases.find({ urn: urnOf("a") }, ORDER, orderOf)).toBeUndefined();
});
