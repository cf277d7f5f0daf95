import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { get } from "node:http";
import { setTimeout as tick } from "node:timers/promises";
import fc from "fast-check";
import { exportCommand } from "../../cli/commands/export";
import { FORMATS } from "../../cli/commands/proxy-formats";
import { exported, proxyPort, secret } from "./exported";
import { freePort } from "./free-port";
import { onPath } from "./on-path";
import { type SmallProxy, smallProxy, Tunnel } from "./small-proxy";
import { hearing } from "./terminal";

jest.setTimeout(60_000);

/** What the user has: where it listens, and who may use it. The address stays, whatever is renewed behind it. */
interface Program {
  own: (port: number, exported: string, folder: string) => string[];
  start: (own: string, exported: string) => string[];
  check: (own: string, exported: string) => string[];
  reload: (own: string, child: ChildProcess) => void;
}
const PROGRAMS: Record<"squid" | "haproxy", Program> = {
  squid: {
    own: (port, exported, folder) => [
      `http_port 127.0.0.1:${port}`,
      "http_access allow localhost",
      `include ${exported}`,
      `pid_filename ${join(folder, "squid.pid")}`,
      "access_log none",
      "cache_log /dev/null",
      "pinger_enable off",
      "shutdown_lifetime 0 seconds",
    ],
    start: (own) => ["-N", "-f", own],
    check: (own) => ["-k", "parse", "-f", own],
    reload: (own) => void execFileSync(fileOf("squid"), ["-k", "reconfigure", "-f", own]),
  },
  haproxy: {
    own: (port) => [
      "frontend scraping",
      `  bind 127.0.0.1:${port}`,
      "  mode tcp",
      "  timeout client 1h",
      "  default_backend proxies-sx",
    ],
    start: (own, exported) => ["-W", "-f", own, "-f", exported],
    check: (own, exported) => ["-c", "-q", "-f", own, "-f", exported],
    reload: (_, child) => void child.kill("SIGUSR2"),
  },
};
type Name = keyof typeof PROGRAMS;

const fileOf = (name: string): string => onPath(name) ?? name;

/** Logins with what the programs' files take for their own. */
const LOGINS = [
  ["user a", `p'"\\ $HOME\${x}#`],
  ["team%20b", "p%%41:*&é😀"],
  ["c", "renewed"],
] as const;

let folder: string;
let proxies: SmallProxy[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-endpoint-"));
  chmodSync(folder, 0o755); // squid, started by root, is another user
  proxies = [];
});
afterEach(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  rmSync(folder, { recursive: true });
});

async function open(name: string, [login, password]: readonly [string, string]): Promise<SmallProxy> {
  const proxy = await smallProxy(name, login, password);
  proxies.push(proxy);
  return proxy;
}

/** What `proxies-sx export` makes of a stack whose ports are these proxies. */
async function write(format: Name, all: Record<string, SmallProxy>): Promise<string> {
  const file = join(folder, "proxies.conf");
  const ports = Object.entries(all).map(([name, { port, login, password }]) =>
    proxyPort(name, { serverIp: "127.0.0.1", httpPort: port, proxyLogin: login, proxyPassword: secret(password) }),
  );
  const terminal = hearing({}, { input: exported(ports) });
  const code = await exportCommand(["--state", "-", "--format", format, "--output", file, "--force"], terminal);
  expect([code, terminal.said]).toEqual([0, { out: "", err: "" }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  return file;
}

/** The program on the user's file and the exported one. */
class Running {
  private constructor(
    private readonly name: Name,
    private readonly child: ChildProcess,
    private readonly own: string,
    readonly port: number,
  ) {}

  static async start(name: Name, written: string): Promise<Running> {
    const port = await freePort();
    const own = join(folder, `${name}.conf`);
    writeFileSync(own, `${PROGRAMS[name].own(port, written, folder).join("\n")}\n`);
    execFileSync(fileOf(name), PROGRAMS[name].check(own, written), { stdio: "pipe" });
    const child = spawn(fileOf(name), PROGRAMS[name].start(own, written), { stdio: "ignore", cwd: folder });
    const running = new Running(name, child, own, port);
    (await running.until(() => true)).close();
    return running;
  }

  /** A connection through the program, as soon as one is as wanted. */
  async until(isWanted: (via: string) => boolean): Promise<Tunnel> {
    let last: unknown;
    for (let tries = 300; tries > 0; tries--) {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended with code ${this.child.exitCode}`);
      const tunnel = await Tunnel.open(this.port).catch((error: unknown) => void (last = error));
      if (tunnel && isWanted(tunnel.via)) return tunnel;
      tunnel?.close();
      await tick(50);
    }
    throw new Error(`${this.name} gives no such connection: ${String(last)}`);
  }

  /** By which proxies a number of new connections go. */
  async vias(count: number): Promise<Set<string>> {
    const found = new Set<string>();
    for (let n = 0; n < count; n++) {
      const tunnel = await Tunnel.open(this.port);
      found.add(tunnel.via);
      tunnel.close();
    }
    return found;
  }

  /** A request that is no tunnel. */
  get(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      get(
        { port: this.port, host: "127.0.0.1", path: url, headers: { Host: new URL(url).host }, agent: false },
        (reply) => {
          let text = "";
          reply.on("data", (chunk: Buffer) => (text += chunk.toString())).on("end", () => resolve(text));
        },
      ).on("error", reject);
    });
  }

  reload(): void {
    PROGRAMS[this.name].reload(this.own, this.child);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.kill("SIGTERM")) await ended;
  }
}

describe.each(Object.keys(PROGRAMS) as Name[])("%s", (name) => {
  const isThere = onPath(name) !== undefined;
  const itRuns = isThere ? it : it.skip;
  if (!isThere)
    process.stderr.write(`\nSKIPPED, no ${name} runs on what is exported: install it (Debian: ${name})\n\n`);

  itRuns("one address before a fleet: a renewal is taken up by a reload, and cuts nothing", async () => {
    const [a, b, renewed] = [await open("a", LOGINS[0]), await open("b", LOGINS[1]), await open("renewed", LOGINS[2])];
    const running = await Running.start(name, await write(name, { "fleet-1": a, "fleet-2": b }));
    try {
      expect(await running.vias(4)).toEqual(new Set(["a", "b"]));
      const old = await running.until((via) => via === "a");
      expect(await old.echo("before")).toBe("before");

      await write(name, { "fleet-1": renewed, "fleet-2": b });
      running.reload();
      (await running.until((via) => via === "renewed")).close();
      expect(await running.vias(6)).toEqual(new Set(["renewed", "b"]));
      expect(await old.echo("after")).toBe("after");
      old.close();

      await a.close(); // released by a later run
      expect(await running.vias(4)).toEqual(new Set(["renewed", "b"]));
      await b.close(); // fails
      for (let n = 0; n < 2; n++) (await running.until(() => true)).close(); // one may meet it
      expect(await running.vias(4)).toEqual(new Set(["renewed"]));
      expect([a, b, renewed].flatMap(({ refused }) => refused)).toEqual([]);
    } finally {
      await running.stop();
    }
  });

  itRuns("a plain request has the login, and reveals nothing of this machine", async () => {
    const only = await open("only", LOGINS[0]);
    const running = await Running.start(name, await write(name, { only }));
    try {
      for (const path of ["/1", "/1"]) expect(await running.get(`http://a.example${path}`)).toBe("only");
      const plain = only.served.filter(({ line }) => line.startsWith("GET"));
      expect(plain.map(({ line }) => line)).toEqual(["GET http://a.example/1", "GET http://a.example/1"]);
      for (const { headers } of plain)
        expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(x-forwarded|via)/)]));
    } finally {
      await running.stop();
    }
  });

  itRuns("any login and any name come through", async () => {
    const text = fc
      .string({ minLength: 1, maxLength: 15, unit: "grapheme" })
      .filter((one) => !/[\p{Cc}\p{Cs}]/u.test(one));
    const logins = fc.sample(
      fc.record({ name: text, login: text.filter((one) => !one.includes(":")), password: text }),
      12,
    );
    const sendable = logins.filter((login) => FORMATS[name].leavesOut?.({ ...login, host: "", port: 0 }) === undefined);
    expect(sendable.length).toBeGreaterThan(6);
    const all: Record<string, SmallProxy> = {};
    for (const [n, { name: resource, login, password }] of sendable.entries())
      all[`${n}${resource}`] = await open(`${n}`, [login, password]);
    const running = await Running.start(name, await write(name, all));
    try {
      expect(await running.vias(2 * sendable.length)).toEqual(new Set(sendable.map((_, n) => `${n}`)));
      expect(proxies.flatMap(({ refused }) => refused)).toEqual([]);
    } finally {
      await running.stop();
    }
  });
});

const itHasHaproxy = onPath("haproxy") === undefined ? it.skip : it;
itHasHaproxy("haproxy takes a file for SOCKS5", () => {
  const proxy = { name: "a", host: "127.0.0.1", port: 5000, login: "team", password: "p" };
  const file = join(folder, "socks.conf");
  writeFileSync(file, `${FORMATS.haproxy.write([proxy, { ...proxy, host: "2001:db8::1" }], "socks5").join("\n")}\n`);
  const own = join(folder, "own.conf");
  writeFileSync(own, `${PROGRAMS.haproxy.own(1080, file, folder).join("\n")}\n`);
  execFileSync(fileOf("haproxy"), PROGRAMS.haproxy.check(own, file), { stdio: "pipe" });
  expect(readFileSync(file, "utf8")).not.toContain("team");
});
