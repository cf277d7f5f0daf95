import { type WirePort } from "../../emulator";
import { BRITAIN, GERMANY, O2, VODAFONE, type World, world } from "./harness";

interface Stocked {
  _id: string;
  code?: string;
  brand?: string;
  freeDeviceCount: number;
}

const free = async (here: World, path: string, id: string) =>
  (await here.call<Stocked[]>(`GET /v1${path}`)).body.find((each) => each._id === id)?.freeDeviceCount;
const germany = (here: World, query = "") => free(here, `/countries/with-devices${query}`, GERMANY);
const vodafone = (here: World) => free(here, `/carriers/country/${GERMANY}?withDevice=true`, VODAFONE);

test("buying, moving and deleting count in the stock of their place and slot type", async () => {
  const here = world({ config: { devicesPerCarrier: { shared: 5, private: 2 } } });
  expect([await germany(here), await germany(here, "?isPrivate=true"), await vodafone(here)]).toEqual([15, 6, 5]);
  const port = await here.buy({ carrierId: VODAFONE });
  await here.buy({ isPrivate: true });
  expect([await germany(here), await germany(here, "?isPrivate=true"), await vodafone(here)]).toEqual([14, 5, 4]);
  await here.call(`PUT /v1/ports/${port._id}/reconfigure`, { body: { countryId: GERMANY, carrierId: O2 } });
  expect([await germany(here), await vodafone(here)]).toEqual([14, 5]);
  await here.call(`DELETE /v1/ports/${port._id}`);
  expect([await germany(here), await vodafone(here)]).toEqual([15, 5]);
});

test("cities and regions have their share of the stock", async () => {
  const here = world({ config: { devicesPerCarrier: { shared: 10 } } });
  const counts = async (path: string) =>
    (await here.call<Stocked[]>(`GET /v1/${path}/country/${GERMANY}`)).body.map((each) => each.freeDeviceCount);
  const [berlin] = (await here.call<Stocked[]>(`GET /v1/cities/country/${GERMANY}`)).body;
  expect([await counts("cities"), await counts("regions")]).toEqual([
    [12, 9, 9],
    [12, 18],
  ]);
  const port = await here.buy({ cityId: berlin?._id });
  expect(port.cityName).toBe("Berlin");
  expect([await counts("cities"), await counts("regions")]).toEqual([
    [11, 9, 9],
    [11, 18],
  ]);
});

test("an empty stock is 409, names the place, and takes no slot", async () => {
  const here = world({ config: { devicesPerCarrier: { shared: 1 } } });
  await here.buy({ carrierId: VODAFONE });
  const reply = await here.call("POST /v1/ports", { body: { countryId: GERMANY, expiresAt: 60, carrierId: VODAFONE } });
  expect([reply.status, reply.body["message"]]).toEqual([409, "No free shared device in Germany with Vodafone"]);
  expect(here.control.ports()).toHaveLength(1);
  expect(await vodafone(here)).toBeUndefined();
});

test("no free slot is 403; a deleted port frees its own", async () => {
  const here = world({ config: { slots: { shared: 1 } } });
  const { _id } = await here.buy();
  const refused = await here.call("POST /v1/ports", { body: { countryId: BRITAIN, expiresAt: 60 } });
  expect([refused.status, refused.body["message"]]).toEqual([403, "No available shared port slots: 1 of 1 are in use"]);
  expect((await here.buy({ isPrivate: true })).slotType).toBe("private");
  await here.call(`DELETE /v1/ports/${_id}`);
  await here.buy();
});

test("a slot that is paid for can be used; too little money is 400", async () => {
  const here = world({ config: { slots: { shared: 0 }, balance: 15 } });
  expect((await here.call("POST /v1/billing/purchase-ports", { body: { amount: 2 } })).status).toBe(400);
  expect((await here.call("POST /v1/billing/purchase-ports", { body: { amount: 1 } })).status).toBe(201);
  await here.buy();
  const { body } = await here.call("GET /v1/traffic/balance-breakdown");
  expect(body).toMatchObject({ totalPayments: 15, totalPurchases: 10, balance: 5 });
});

test("the two thousandth port costs no more work than the first", async () => {
  const here = world({ config: { slots: { shared: 2_500 }, devicesPerCarrier: { shared: 2_500 } } });
  const hundreds: number[] = [];
  for (let hundred = 0; hundred < 20; hundred++) {
    const before = process.cpuUsage();
    for (let index = 0; index < 100; index++) await here.buy();
    hundreds.push(process.cpuUsage(before).user);
  }
  const early = Math.min(...hundreds.slice(1, 6));
  const late = Math.min(...hundreds.slice(-5));
  expect(late).toBeLessThan(4 * early);
  expect((await here.call<WirePort[]>("GET /v1/ports?page=20&limit=100")).body).toHaveLength(100);
});
