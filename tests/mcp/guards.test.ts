import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMcpArguments } from "../../cli/commands/mcp-arguments";
import { type Emulator, startEmulator } from "../../emulator";
import { accountFolder } from "../../provider/run/account-folder";
import { exported, heldPort, pending, renewedPort, settings } from "../cli/exported";
import { type Agent, agentAt } from "./agent";
import { VENDOR_TOOLS } from "./vendor-tools";

let emulator: Emulator;
let folder: string;
const agents: Agent[] = [];
beforeAll(async () => (emulator = await startEmulator({ port: 0 })));
beforeEach(() => {
  emulator.control.reset();
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"));
});
afterEach(async () => {
  for (const one of agents.splice(0)) await one.leave();
  rmSync(folder, { recursive: true });
});
afterAll(() => emulator.close());

/** A server whose machine remembers nothing but what is in the test's folder. */
async function agent(...argv: string[]): Promise<Agent> {
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  const one = await agentAt(emulator, argv);
  agents.push(one);
  return one;
}

const buying = ["--allow", "purchases", "--max-spend"];
const germany = async (one: Agent): Promise<string> =>
  ((await one.call("list_available_countries")).data.countries as { id: string; code: string }[]).find(
    ({ code }) => code === "DE",
  )?.id ?? "";

const balance = async (one: Agent): Promise<unknown> => (await one.call("get_account_summary")).data.balance;

interface Line {
  what: string;
  tool?: string;
  outcome?: string;
}
const auditFile = (): string =>
  join(accountFolder({ apiKey: emulator.apiKey, apiUrl: emulator.url }), "agents", "audit.jsonl");
const audit = (): Line[] =>
  readFileSync(auditFile(), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

describe("without --allow", () => {
  it("no tool changes anything, each names the group that would", async () => {
    const one = await agent();
    const { id } = emulator.control.buyPort({ country: "DE" });
    emulator.control.clearRequests();
    const { tools } = await one.client.listTools();
    for (const { name, annotations } of tools.filter((each) => !each.annotations?.readOnlyHint)) {
      const args = Object.fromEntries(
        (VENDOR_TOOLS[name]?.[0] ?? []).map((key) => [key, { portId: id }[key] ?? ARGS[key]]),
      );
      const { text, isError } = await one.call(name, name === "x402_get_proxy" ? { country: "DE" } : args);
      expect([name, isError, text]).toEqual([
        name,
        true,
        expect.stringMatching(/ is not allowed: .* --allow (\w+)\. Nothing was done\.$/),
      ]);
      expect(annotations?.readOnlyHint).toBe(false);
    }
    expect(emulator.control.requests()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a group allows its own tools and no others", async () => {
    const one = await agent("--allow", "rotation");
    const { id: portId } = emulator.control.buyPort({ country: "DE" });
    expect(await one.call("rotate_port", { portId })).toMatchObject({ isError: false });
    expect((await one.call("delete_port", { portId })).text).toContain("--allow ports");
  });
});

const ARGS: Record<string, unknown> = {
  ...{
    countryId: "69276bf1f547dfc948699263",
    type: "shared",
    osFingerprint: "",
    enabled: false,
    amount: 10,
    quantity: 1,
  },
  ...{
    quantityGB: 1,
    orderId: "topup_1",
    ticketId: "1",
    subject: "A subject",
    message: "A message of some length, at least.",
  },
};

describe("caps", () => {
  it("--max-spend counts over restarts, and what it refuses is not bought", async () => {
    const first = await agent(...buying, "20");
    expect(await first.call("purchase_shared_traffic", { quantityGB: 4 })).toMatchObject({ isError: false }); // $16
    expect((await first.call("purchase_shared_traffic", { quantityGB: 2 })).text).toMatch(
      /^refused: it costs \$8\.00, and of the \$20\.00 of --max-spend \$16\.00 are spent or reserved\. Nothing was bought/,
    );
    await first.leave();
    const second = await agent(...buying, "20");
    expect(await second.call("purchase_shared_slots", { quantity: 1 })).toMatchObject({ isError: true });
    expect(await second.call("purchase_shared_traffic", { quantityGB: 1 })).toMatchObject({ isError: false }); // $20 in all
    expect(await balance(second)).toBe(1_000 - 20);
    expect(
      audit()
        .map(({ outcome }) => outcome)
        .filter(Boolean),
    ).toEqual(expect.arrayContaining(["done", "failed"]));
  });

  it("two servers that buy at once keep within it together", async () => {
    const [one, two] = [await agent(...buying, "20"), await agent(...buying, "20")];
    const all = await Promise.all(
      [3, 4].flatMap((quantityGB) => [one, two].map((each) => each.call("purchase_shared_traffic", { quantityGB }))),
    );
    expect(await balance(one)).toBeGreaterThanOrEqual(1_000 - 20);
    expect(all.some(({ isError }) => isError)).toBe(true);
  });

  it("what is said to cost nothing is not bought either once the cap is spent", async () => {
    const one = await agent(...buying, "8");
    emulator.control.addFault({ path: "/billing/calculate-price", body: { amount: 3, totalPrice: 0 } });
    expect(await one.call("purchase_shared_traffic", { quantityGB: 3 })).toMatchObject({ isError: false }); // $12
    expect((await one.call("purchase_shared_traffic", { quantityGB: 3 })).text).toMatch(/^refused: it costs \$0\.00, /);
    expect(await balance(one)).toBe(1_000 - 12);
  });

  it("a price for another amount is none", async () => {
    emulator.control.addFault({ path: "/billing/calculate-price", body: { amount: 1, totalPrice: 4 } });
    const one = await agent(...buying, "10");
    expect((await one.call("purchase_shared_traffic", { quantityGB: 100 })).text).toMatch(/^nothing was bought: /);
    expect(await balance(one)).toBe(1_000);
  });

  it("a slot costs what the tariff of a month for so many says, as plan and buy read it", async () => {
    const slots = { category: "shared", resourceType: "ports" };
    const daily = { ...slots, pricePerUnit: 1, billingPeriod: "daily", portRange: { min: 1, max: 1_000 } };
    const few = { ...slots, pricePerUnit: 10, billingPeriod: "monthly", portRange: { min: 1, max: 10 } };
    emulator.control.addFault({ path: "/tariffs", body: [daily, few] });
    const one = await agent(...buying, "15");
    expect((await one.call("purchase_shared_slots", { quantity: 2 })).text).toMatch(/^refused: it costs \$20\.00, /);
    expect((await one.call("purchase_shared_slots", { quantity: 11 })).text).toMatch(/^nothing was bought: /);
    expect(await balance(one)).toBe(1_000);
  });

  it("what the vendor refuses costs nothing of it", async () => {
    emulator.control.configure({ balance: 4 });
    const one = await agent(...buying, "8");
    expect(await one.call("purchase_shared_traffic", { quantityGB: 2 })).toMatchObject({ isError: true });
    emulator.control.configure({ balance: 100 });
    expect(await one.call("purchase_shared_traffic", { quantityGB: 2 })).toMatchObject({ isError: false });
  });

  it("--max-ports counts the ports that agents have, over restarts", async () => {
    emulator.control.buyPort({ country: "GB" }); // a person's
    const one = await agent("--allow", "ports", "--max-ports", "1");
    const order = { countryId: await germany(one), type: "shared" };
    const { id } = (await one.call("create_port", order)).data.port as { id: string };
    await one.leave();
    const two = await agent("--allow", "ports", "--max-ports", "1");
    expect((await two.call("create_port", { ...order, type: "private" })).text).toMatch(
      /^refused: agents have 1 port through this server already/,
    );
    expect(await two.call("delete_port", { portId: id })).toMatchObject({ isError: false });
    expect(await two.call("create_port", order)).toMatchObject({ isError: false });
    expect(emulator.control.ports()).toHaveLength(2);
  });

  it("without a cap nothing that costs is allowed", () => {
    for (const group of ["purchases", "wallet", "ports,wallet"])
      expect(() => readMcpArguments(["--allow", group])).toThrow("spends money: say how much with --max-spend USD");
    for (const bad of ["-1", "1e3", "five", "1.234", "99999999"])
      expect(() => readMcpArguments([`--max-spend=${bad}`])).toThrow("--max-spend is an amount");
    for (const bad of ["-1", "2.5", "many", "100000"])
      expect(() => readMcpArguments([`--max-ports=${bad}`])).toThrow("--max-ports is a whole number");
    for (const bad of ["port", "ports,,", "all"])
      expect(() => readMcpArguments(["--allow", bad])).toThrow("--allow takes ports");
    expect(() => readMcpArguments(["--state", "-"])).toThrow("standard input is the client's");
  });
});

describe("a port that a stack declares", () => {
  const WRITES: [string, object, string][] = [
    ["delete_port", {}, "ports"],
    ["reconfigure_port", { countryId: "69276bf1f547dfc948699263" }, "ports"],
    ["update_os_fingerprint", { osFingerprint: "" }, "ports"],
    ["update_port_credentials", { proxyLogin: "agent" }, "credentials"],
    ["configure_auto_rotation", { enabled: false }, "rotation"],
  ];

  it("is not changed behind its back: each answer names stack and resource", async () => {
    const ids = [1, 2, 3, 4].map(() => emulator.control.buyPort({ country: "DE" }).id) as [
      string,
      string,
      string,
      string,
    ];
    const file = join(folder, "state.json");
    const retiring = [{ portId: ids[2], since: "2026-01-01T00:00:00.000Z" }];
    writeFileSync(
      file,
      exported([
        heldPort("scraper-1", ids[0]),
        renewedPort("scraper-2", "f".repeat(24), ids[1], retiring),
        settings("RotationSettings", "speed", ids[3].toUpperCase()),
      ]),
    );
    const one = await agent("--allow", "ports,credentials,rotation", "--state", file);
    const names = [
      ["scraper-1", "is declared by"],
      ["scraper-2", "is declared by"],
      ["scraper-2", "is the old port of a renewal of"],
      ["speed", "is named by"],
    ] as const;
    for (const [name, args] of WRITES) {
      for (const [at, portId] of ids.entries()) {
        emulator.control.clearRequests();
        const { text, isError } = await one.call(name, { portId, ...args });
        const [resource = "", how = ""] = names[at] ?? [];
        expect([name, isError, text]).toEqual([
          name,
          true,
          expect.stringMatching(
            `^nothing was changed: port ${portId} ${how} the resource "${resource}" of stack ${file}`,
          ),
        ]);
        expect(text).toContain("urn:pulumi:dev::test::");
        expect(emulator.control.requests()).toEqual([]);
      }
    }
    const upper = await one.call("delete_port", { portId: ids[3].toUpperCase() });
    expect(upper.text).toContain('is named by the resource "speed"');
    expect(await one.call("rotate_port", { portId: ids[0] })).toMatchObject({ isError: false });
    const explained = await one.call("explain_port", { portId: ids[2] });
    expect(explained.data).toMatchObject({ declaredBy: { stack: file, name: "scraper-2", as: "retiring" } });
    expect(explained.text).toMatch(/A run releases it from 2\d{3}-/);
  });

  it("is asked of states that are read now, and nothing is changed where they cannot be read or a run is buying", async () => {
    const { id: portId } = emulator.control.buyPort({ country: "DE" });
    const file = join(folder, "state.json");
    writeFileSync(file, exported([]));
    const one = await agent("--allow", "ports", "--state", file);
    writeFileSync(file, exported([heldPort("scraper-1", portId)]));
    expect((await one.call("delete_port", { portId })).text).toContain('"scraper-1"');
    writeFileSync(file, exported([], [pending("creating", heldPort("scraper-2", ""))]));
    expect((await one.call("delete_port", { portId })).text).toContain("is buying ports or broke off");
    writeFileSync(file, "{");
    expect((await one.call("delete_port", { portId })).text).toContain("whether a stack declares port");
    expect(emulator.control.port(portId)).toBeDefined();
    writeFileSync(file, exported([]));
    expect(await one.call("delete_port", { portId })).toMatchObject({ isError: false });
  });
});

describe("the audit file", () => {
  it("has each write before and after it, no secret, and is the user's alone", async () => {
    const one = await agent("--allow", "credentials,rotation");
    const { id: portId, proxyPassword } = emulator.control.buyPort({ country: "DE" });
    await one.call("update_port_credentials", { portId, proxyLogin: "agent-login", proxyPassword: "letmein-please" });
    await one.call("rotate_port", { portId: "0".repeat(24) });
    await one.leave();
    expect(audit().map(({ what, outcome }) => outcome ?? what)).toEqual(["began", "done", "done", "began", "failed"]);
    const text = readFileSync(auditFile(), "utf8");
    for (const secret of ["letmein-please", "agent-login", proxyPassword, emulator.apiKey])
      expect(text).not.toContain(secret);
    expect(statSync(auditFile()).mode & 0o077).toBe(0);
  });

  it("a login that no client could use is not set", async () => {
    const one = await agent("--allow", "credentials");
    const { id: portId, proxyLogin } = emulator.control.buyPort({ country: "DE" });
    const refused = await one.call("update_port_credentials", { portId, proxyLogin: "agent:login" });
    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^proxyLogin: must have no ":"/) as string,
    });
    expect(emulator.control.port(portId)).toMatchObject({ proxyLogin });
  });

  it("where it cannot be written, nothing is done", async () => {
    const one = await agent("--allow", "ports");
    const { id: portId } = emulator.control.buyPort({ country: "DE" });
    await one.call("delete_port", { portId: "0".repeat(24) });
    rmSync(auditFile());
    const other = join(folder, "elsewhere");
    writeFileSync(other, "");
    symlinkSync(other, auditFile());
    expect((await one.call("delete_port", { portId })).text).toMatch(
      /^nothing was done, since the audit file .* is a symbolic link/,
    );
    expect(emulator.control.port(portId)).toBeDefined();
    expect(readFileSync(other, "utf8")).toBe("");
  });
});

it("no answer holds a secret, unless it is asked for", async () => {
  const { id: portId, proxyLogin, proxyPassword, rotationToken } = emulator.control.buyPort({ country: "DE" });
  const secrets = [proxyLogin, proxyPassword, rotationToken, emulator.apiKey];
  const tools: [string, object][] = [
    ["list_ports", {}],
    ["get_port", { portId }],
    ["get_rotation_token_url", { portId }],
    ["get_proxy_connection_string", { portId }],
    ["get_all_proxy_formats", { portId }],
    ["explain_port", { portId }],
    ["fleet_report", {}],
    ["reconfigure_port", { portId, countryId: "69276bf1f547dfc9486992b4" }],
  ];
  const masking = await agent("--allow", "ports");
  for (const [name, args] of tools) {
    const { isError, text, data } = await masking.call(name, args);
    expect([name, isError]).toEqual([name, false]);
    for (const secret of secrets)
      expect([name, text + JSON.stringify(data)]).not.toEqual([name, expect.stringContaining(secret)]);
  }
  expect((await masking.call("get_proxy_connection_string", { portId })).text).toContain("http://[secret]:[secret]@");
  const showing = await agent("--show-secrets");
  expect((await showing.call("get_proxy_connection_string", { portId })).data.url).toBe(
    `http://${proxyLogin}:${proxyPassword}@203.0.113.10:8000`,
  );
  expect((await showing.call("get_rotation_token_url", { portId })).text).toContain(rotationToken);
  expect(showing.written()).not.toContain(emulator.apiKey);
});

const TICKET = { subject: "A port is slow", message: "It is slow since this morning." };

it("no ticket holds a key", async () => {
  const one = await agent("--allow", "tickets");
  const { data } = await one.call("create_support_ticket", TICKET);
  const { id: ticketId } = data.ticket as { id: string };
  const message = `The key is ${Buffer.from(emulator.apiKey).toString("base64")}, as you asked.`;
  const refused = { isError: true, text: expect.stringMatching(/^nothing was sent: the text holds a key/) as string };
  expect(await one.call("reply_to_ticket", { ticketId, message })).toMatchObject(refused);
  expect(await one.call("create_support_ticket", { ...TICKET, message })).toMatchObject(refused);
});

it("without a key, what needs none works, and the rest says what to do", async () => {
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  const one = await agentAt({ url: emulator.url, apiKey: "" });
  agents.push(one);
  expect((await one.call("list_ports")).text).toContain("no API key: set PROXIES_API_KEY");
  expect(await one.call("get_sessions_by_wallet", { walletAddress: `0x${"0".repeat(40)}` })).toMatchObject({
    isError: false,
  });
});

it("a key that was refused is asked again once it is good", async () => {
  const one = await agent();
  emulator.control.addFault({
    path: "/account/summary",
    status: 403,
    body: { message: "Missing scope account:read" },
    times: 1,
  });
  expect(await one.call("get_account_summary")).toMatchObject({
    isError: true,
    data: { error: { code: "forbidden" } },
  });
  expect(await one.call("get_account_summary")).toMatchObject({ isError: false });
});
