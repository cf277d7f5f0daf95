import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as tick } from "node:timers/promises";
import { parse } from "yaml";
import { type Emulator } from "../../emulator";
import { fleetWorld } from "../report/fleet-world";
import { exported, heldPort, renewedPort } from "./exported";
import { freePort } from "./free-port";
import { describeWithPrometheus, prometheusFile, promtool } from "./prometheus";
import { scrape, scraping } from "./scraped";

jest.setTimeout(60_000);

const EXAMPLES = join(__dirname, "../../examples/monitoring");
const CASES = join(__dirname, "alerts.test.yml");

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
interface Cases {
  tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
}
const yaml = <T>(file: string): T => parse(readFileSync(file, "utf8")) as T;
const rules = yaml<Rules>(join(EXAMPLES, "alerts.yml")).groups.flatMap(({ rules: all }) => all);

it("each alert has a case in which it fires, and one in which it does not", () => {
  const cases = yaml<Cases>(CASES).tests.flatMap(({ alert_rule_test: all }) => all);
  for (const { alert } of rules) {
    const fires = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts: all }) => all.length > 0);
    expect([alert, new Set(fires)]).toEqual([alert, new Set([false, true])]);
  }
});

describeWithPrometheus("Prometheus", () => {
  let emulator: Emulator;
  let state: string;
  beforeAll(async () => {
    emulator = await fleetWorld(12);
    const [held, old, serving] = emulator.control.ports().map(({ id }) => id) as [string, string, string];
    const retiring = [{ portId: old, since: new Date(emulator.control.clock.now()).toISOString() }];
    state = exported([heldPort("scraper", held), renewedPort("renewed", "first", serving, retiring)]);
  });
  afterAll(() => emulator.close());

  it("finds nothing to say of the metrics, and would of others", async () => {
    const { metrics } = await scrape(emulator, ["--state", "-"], { state });
    expect(await promtool(["check", "metrics"], metrics.text)).toEqual({ code: 0, said: "" });
    const odd = metrics.text.replaceAll("traffic_bytes", "traffic_gigabytes");
    expect((await promtool(["check", "metrics"], odd)).said).toContain("use base unit");
  });

  it.each([
    ["check", "rules", join(EXAMPLES, "alerts.yml")],
    ["check", "config", join(EXAMPLES, "prometheus.yml")],
    ["test", "rules", CASES],
  ])("promtool %s %s %s", async (...args) => {
    const { code, said } = await promtool(args);
    expect([code, said]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  it("scrapes the endpoint, and evaluates each rule and each panel on what it got", async () => {
    const { panels } = yaml<{ panels: { targets: { expr: string }[] }[] }>(join(EXAMPLES, "dashboard.json"));
    await scraping(
      emulator,
      ["--state", "-"],
      async (url) => {
        const server = await Server.start(new URL(url).host);
        try {
          const scraped = await server.until("proxies_sx_up == 1");
          expect(scraped).toHaveLength(1);
          const ports = await server.query("sum(proxies_sx_ports)");
          expect(ports.map(({ value }) => value[1])).toEqual([String(emulator.control.ports().length)]);
          for (const { targets } of panels) for (const { expr } of targets) await server.query(expr);
          for (const { expr } of rules) await server.query(expr);
          const loaded = await server.get<Rules>("rules");
          expect(loaded.groups.flatMap(({ rules: all }) => all)).toHaveLength(rules.length);
          const { activeTargets } = await server.get<{ activeTargets: object[] }>("targets");
          expect(activeTargets).toMatchObject([{ health: "up", lastError: "" }]);
        } finally {
          await server.stop();
        }
      },
      { state },
    );
  });
});

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** A Prometheus with the configuration of the example, which scrapes each second. */
class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly folder: string,
  ) {}

  static async start(target: string): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "proxies-sx-prometheus-"));
    cpSync(EXAMPLES, folder, { recursive: true });
    const config = readFileSync(join(EXAMPLES, "prometheus.yml"), "utf8");
    const own = config.replaceAll("127.0.0.1:9464", target).replace("scrape_interval: 60s", "scrape_interval: 1s");
    writeFileSync(join(folder, "prometheus.yml"), own);
    // Prometheus does not report which port it chose, so it is given one.
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      prometheusFile(),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: "ignore" },
    );
    return new Server(child, `http://${address}/api/v1/`, folder);
  }

  /** What a query gives as soon as it gives anything. */
  async until(expr: string): Promise<Sample[]> {
    for (let tries = 300; tries > 0; tries--) {
      if (this.child.exitCode !== null) throw new Error(`Prometheus ended with code ${this.child.exitCode}`);
      const found = await this.query(expr).catch(() => []);
      if (found.length > 0) return found;
      await tick(100);
    }
    throw new Error(`Prometheus has nothing for ${expr}`);
  }

  query(expr: string): Promise<Sample[]> {
    return this.get<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`).then(({ result }) => result);
  }

  async get<T>(path: string): Promise<T> {
    const answer = (await (await fetch(this.url + path)).json()) as { status: string; error?: string; data: T };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
