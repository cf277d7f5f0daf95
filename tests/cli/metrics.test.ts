import { get } from "node:http";
import { metricsCommand } from "../../cli/commands/metrics";
import { type Emulator } from "../../emulator";
import { fleetWorld, secretsOf } from "../report/fleet-world";
import { exported, heldPort, renewedPort } from "./exported";
import { scrape, scraping, series, sumOf } from "./scraped";
import { hearing, withoutSource } from "./terminal";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await fleetWorld(12);
});
afterAll(() => emulator.close());
afterEach(() => emulator.control.clearFaults());

it("serves the figures of the emulator, and no secret", async () => {
  const { metrics, root, post, code } = await scrape(emulator);
  expect([metrics.status, root.status, post.status, code]).toEqual([200, 404, 405, 0]);
  expect(metrics.type).toMatch(/^text\/plain; version=/);
  const all = series(metrics.text);
  const ports = emulator.control.ports();
  expect(all.proxies_sx_up).toBe(1);
  expect(sumOf(all, "proxies_sx_ports")).toBe(ports.length);
  expect(all['proxies_sx_slots{slot_type="shared",state="used"}']).toBe(
    ports.filter(({ slotType }) => slotType === "shared").length,
  );
  for (const { id, expiresAt, usedTraffic } of ports) {
    const of = (name: string): number | undefined =>
      Object.entries(all).find(([key]) => key.startsWith(`proxies_sx_${name}{port="${id}"`))?.[1];
    expect(of("port_lease_end_timestamp_seconds")).toBe(expiresAt / 1_000);
    expect(of("port_traffic_bytes_total")).toBeCloseTo(usedTraffic * 1e9, -3);
  }
  expect(metrics.text).not.toContain("proxies_sx_orphans"); // no state was given
  for (const secret of secretsOf(emulator)) expect(metrics.text).not.toContain(secret);
});

it("reports how long the traffic of each slot type lasts", async () => {
  const all = series((await scrape(emulator)).metrics.text);
  for (const slotType of ["shared", "private"]) {
    const left = all[`proxies_sx_traffic_bytes{slot_type="${slotType}",state="left"}`] ?? NaN;
    const ports = emulator.control.ports().filter((port) => port.slotType === slotType);
    const now = emulator.control.clock.now().getTime();
    const perDay = ports.reduce(
      (sum, { usedTraffic, createdAt }) => sum + (usedTraffic * 86_400_000) / (now - createdAt),
      0,
    );
    expect(all[`proxies_sx_traffic_lasts_seconds{slot_type="${slotType}"}`]).toBeCloseTo(
      (left / 1e9 / perDay) * 86_400,
      -2,
    );
  }
});

it("with a state it reports orphans, and the resource of each port", async () => {
  const [held, ...others] = emulator.control.ports();
  const state = exported([heldPort("scraper", held!.id)]);
  const { metrics } = await scrape(emulator, ["--state", "-"], { state });
  const all = series(metrics.text);
  expect(all.proxies_sx_orphans).toBe(others.length);
  expect(Object.keys(all).filter((key) => key.includes('resource="scraper"')).length).toBeGreaterThan(0);
});

it("old ports of renewals hold slots, and no series waits for the end of their lease", async () => {
  const [old, serving] = emulator.control.ports().filter(({ slotType }) => slotType === "shared");
  const since = "2026-03-01T00:00:00.000Z";
  const state = exported([renewedPort("a", old!.id, serving!.id, [{ portId: old!.id, since }])]);
  const all = series((await scrape(emulator, ["--state", "-"], { state })).metrics.text);
  const of = (name: string, id: string) =>
    Object.entries(all).find(([key]) => key.startsWith(`proxies_sx_port_${name}_timestamp_seconds{port="${id}"`))?.[1];
  expect(all['proxies_sx_ports_retiring{slot_type="shared"}']).toBe(1);
  expect(all['proxies_sx_ports_retiring{slot_type="private"}']).toBe(0);
  expect(of("release", old!.id)).toBe(Date.parse(since) / 1_000);
  expect([of("lease_end", old!.id), of("renewal", old!.id)]).toEqual([undefined, undefined]);
  expect([of("lease_end", serving!.id), of("release", serving!.id)]).toEqual([expect.any(Number), undefined]);
  const shared = emulator.control.ports().filter(({ slotType }) => slotType === "shared").length;
  expect(all['proxies_sx_slots{slot_type="shared",state="used"}']).toBe(shared);
  const without = (await scrape(emulator)).metrics.text;
  expect(without).not.toContain("proxies_sx_ports_retiring"); // only a state has them
});

it("a part that cannot be read has no series and is counted; so is a poll that fails, which is reported once", async () => {
  emulator.control.addFault({ method: "GET", path: "/account/summary", status: 403 });
  const some = series((await scrape(emulator)).metrics.text);
  expect(some.proxies_sx_up).toBe(1);
  expect(some['proxies_sx_poll_errors_total{part="account"}']).toBe(1);
  expect(sumOf(some, "proxies_sx_slots")).toBe(0);

  const { metrics, err, code } = await scrape(emulator, [], { key: "psx_00000000000000000000000000", looks: 3 });
  const none = series(metrics.text);
  expect([none.proxies_sx_up, none['proxies_sx_poll_errors_total{part="all"}'], code]).toEqual([0, 3, 0]);
  expect(Object.keys(none).filter((key) => key.startsWith("proxies_sx_port"))).toEqual([]);
  expect(err.match(/no figures:/g)).toHaveLength(1);
});

it("a state that cannot be read is counted and reported once, and the figures of the account are served", async () => {
  const { metrics, err } = await scrape(emulator, ["--state", "/nowhere/x.json"], { looks: 3 });
  const all = series(metrics.text);
  expect([all.proxies_sx_up, all['proxies_sx_poll_errors_total{part="managed"}']]).toEqual([1, 3]);
  expect(sumOf(all, "proxies_sx_ports")).toBe(emulator.control.ports().length);
  expect(metrics.text).not.toContain("proxies_sx_orphans");
  expect(withoutSource(err)).toBe("left out, managed: the state file /nowhere/x.json cannot be read (ENOENT)\n");
});

it.each([
  [["--interval", "1s"], /--interval is a time from 5s/],
  [["--listen", "here"], /--listen is HOST:PORT/],
  [["--listen", "127.0.0.1:99999"], /--listen is HOST:PORT/],
  [["--what"], /--what/],
])("%j is wrong usage", async (argv, why) => {
  const terminal = hearing({ PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url });
  expect(await metricsCommand(argv, terminal)).toBe(2);
  expect(terminal.said.err).toMatch(why);
});

it("answers to its own names and to addresses only: a web page can rebind no other", async () => {
  const statuses = await scraping(emulator, ["--host", "Metrics.internal"], async (url) => {
    const asked = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { port } = new URL(url);
        get(url, { headers: { host: host.replace("PORT", port) } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on("error", reject);
      });
    const hosts = [
      "127.0.0.1:PORT",
      "localhost:PORT",
      "[::1]:PORT",
      "192.0.2.7",
      "metrics.internal:80",
      "evil.example:PORT",
      "evil.example@127.0.0.1",
      "127.0.0.1.evil.example",
      "a b",
    ];
    return Object.fromEntries(await Promise.all(hosts.map(async (host) => [host, await asked(host)] as const)));
  });
  expect(statuses).toEqual({
    "127.0.0.1:PORT": 200,
    "localhost:PORT": 200,
    "[::1]:PORT": 200,
    "192.0.2.7": 200,
    "metrics.internal:80": 200,
    "evil.example:PORT": 403,
    "evil.example@127.0.0.1": 403,
    "127.0.0.1.evil.example": 403,
    "a b": 403,
  });
});

it("a port that is in use is reported in one line", async () => {
  const terminal = hearing({ PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url });
  expect(await metricsCommand(["--listen", new URL(emulator.url).host], terminal)).toBe(3);
  expect(terminal.said.err).toMatch(
    /--listen 127\.0\.0\.1:\d+: something listens there already\. Give another port, or 0 for a free one\n$/,
  );
});

it("--port is taken for what it may be meant as", async () => {
  const terminal = hearing({});
  expect(await metricsCommand(["--port", "1"], terminal)).toBe(2);
  expect(terminal.said.err).toBe("proxies-sx metrics: unknown option --port: did you mean --listen?\n");
});
