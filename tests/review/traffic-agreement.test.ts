import { createApi } from "../../api";
import { figuresOf } from "../../dashboard/figures";
import { type Emulator, startEmulator } from "../../emulator";
import { takeSnapshot } from "../../report/snapshot";
import { askAccount } from "../../review/account";
import { costPlan } from "../../review/cost";
import { isKnown } from "../../review/known";
import { trafficPlans } from "../../review/traffic";
import { scrape, series } from "../cli/scraped";

/** All views of one fleet have one answer to how long its traffic lasts. */
const DAY = 86_400_000;
let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ config: { trafficPerDayGB: { shared: 0, private: 0 } } });
});
afterEach(() => emulator.close());

function buy(count: number, usedTraffic: number): void {
  for (let at = 0; at < count; at++) {
    const { id } = emulator.control.buyPort({ country: "DE", expiresIn: "30d" });
    emulator.control.editPort(id, { usedTraffic });
  }
}

/** Days that shared traffic lasts, by each view; undefined where it says that it does not know. */
async function lasts(): Promise<Record<string, number | undefined>> {
  const api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url });
  try {
    const account = await askAccount(api);
    const ports = await account.livePorts();
    const [planned] = trafficPlans(new Set(["shared"]), account, ports);
    const live = isKnown(ports) ? ports.value : [];
    const costed = live.map(({ id, createdAt }) => {
      const facts = { id, portId: id, createdAt, country: "DE", slotType: "shared", protect: false };
      return { before: facts, after: facts };
    });
    const [cost] = costPlan(costed, account).traffic;
    const left = planned && isKnown(planned.leftGB) ? planned.leftGB.value : NaN;
    const report = figuresOf(await takeSnapshot(api, { source: "x", apiKey: emulator.apiKey })).traffic;
    const page = figuresOf(emulator.control.fleet()).traffic;
    const metrics = series((await scrape(emulator)).metrics.text)[
      'proxies_sx_traffic_lasts_seconds{slot_type="shared"}'
    ];
    return {
      plan: planned && isKnown(planned.endsAt) ? ((planned.endsAt.value ?? NaN) - account.now) / DAY : undefined,
      cost: cost && isKnown(cost.gbPerMonth) ? (left * 30) / cost.gbPerMonth.value : undefined,
      report: report.lasts[0]?.days,
      page: page.lasts[0]?.days,
      metrics: metrics === undefined ? undefined : metrics / 86_400,
    };
  } finally {
    api.close();
  }
}

const agree = (told: Record<string, number | undefined>, days: number | undefined): void => {
  for (const [view, lasts] of Object.entries(told)) {
    if (days === undefined) expect([view, lasts]).toEqual([view, undefined]);
    else expect([view, lasts]).toEqual([view, expect.closeTo(days, 1)]);
  }
};

test("of ports that are two days old, it is what they used in two days", async () => {
  buy(4, 5);
  emulator.control.clock.advance("2d");
  agree(await lasts(), (100 - 20) / 10);
});

test("a port of today counts as its elders do", async () => {
  buy(4, 5);
  emulator.control.clock.advance("2d");
  buy(1, 0);
  agree(await lasts(), (100 - 20) / 12.5);
});

test("where most are of today, no view knows it", async () => {
  buy(1, 5);
  emulator.control.clock.advance("2d");
  buy(2, 5);
  agree(await lasts(), undefined);
});
