import { type Api, createApi, type PortOrder } from "../../api";
import { type Emulator, type Quirks, startEmulator } from "../../emulator";

/** The emulator's rate limit and the client share a clock that sleeps alone push forward: nobody really sleeps. */
let slept = 0;
let emulator: Emulator;
let api: Api;
let order: PortOrder;

beforeAll(async () => {
  jest.spyOn(performance, "now").mockImplementation(() => slept);
  emulator = await startEmulator({ config: { slots: { shared: 60, private: 0 } } });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await emulator.close();
});
afterEach(() => api.close());

async function connect(): Promise<void> {
  slept += 1000; // the emulator's second is over
  emulator.control.reset({ requestsPerSecond: 0, slots: { shared: 60, private: 0 } });
  api = createApi({
    apiKey: emulator.apiKey,
    apiUrl: emulator.url,
    sleep: async (ms) => {
      slept += ms;
    },
  });
  const countryId = (await api.reference.countries())[0]!.id;
  order = { countryId, expiresInSeconds: 3600 };
  emulator.control.configure({ requestsPerSecond: 20 });
  emulator.control.clearRequests();
}

const answered = (status: number) => emulator.control.requests().filter((one) => one.status === status).length;

const limits: [string, number, Partial<Quirks>][] = [
  ["in seconds", 30, { retryAfter: "seconds" }],
  ["as a date", 30, { retryAfter: "date" }],
  ["left out", 30, { retryAfter: "none" }],
];

describe.each(limits)("20 requests a second, Retry-After %s", (_, most, quirks) => {
  beforeEach(async () => {
    await connect();
    emulator.control.setQuirks(quirks);
  });

  test(`200 parallel reads end, with at most ${most} refusals`, async () => {
    const lists = await Promise.all(Array.from({ length: 200 }, () => api.ports.list()));
    expect(lists.length).toBe(200);
    expect(answered(200)).toBe(200);
    console.info(`200 reads: ${answered(429)} × 429`);
    expect(answered(429)).toBeLessThanOrEqual(most);
  });

  test(`50 parallel orders buy 50 ports, with at most ${most} refusals`, async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => api.ports.create(order)));
    console.info(`50 orders: ${answered(429)} × 429`);
    expect(answered(429)).toBeLessThanOrEqual(most);
    const bought = emulator.control.purchases().map(({ portId }) => portId);
    expect(bought.sort()).toEqual(ports.map(({ id }) => id).sort());
  });
});

test("storms of every kind at once: 50 orders buy 50 ports", async () => {
  await connect();
  for (const retryAfter of [1, 3, undefined])
    emulator.control.addFault({ status: 429, times: 10, after: 5, ...(retryAfter !== undefined && { retryAfter }) });
  const orders = Array.from({ length: 50 }, () => api.ports.create(order));
  emulator.control.addFault({ method: "GET", status: 503, times: 4 }); // one call alone can bear it
  const reads = Array.from({ length: 20 }, () => api.ports.list());
  const ports = await Promise.all(orders);
  await Promise.all(reads);
  expect(new Set(ports.map(({ id }) => id)).size).toBe(50);
  expect(emulator.control.purchases().length).toBe(50);
});
