import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptCommand } from "../../cli/commands/adopt";
import { buyCommand } from "../../cli/commands/buy";
import { checkCommand } from "../../cli/commands/check";
import { disownCommand } from "../../cli/commands/disown";
import { exportCommand } from "../../cli/commands/export";
import { FORMATS } from "../../cli/commands/proxy-formats";
import { orphansCommand } from "../../cli/commands/orphans";
import { payCommand } from "../../cli/commands/pay";
import { planCommand } from "../../cli/commands/plan";
import { portsCommand } from "../../cli/commands/ports";
import { reportCommand } from "../../cli/commands/report";
import { rotateCommand } from "../../cli/commands/rotate";
import { ticketsCommand } from "../../cli/commands/tickets";
import { watchCommand } from "../../cli/commands/watch";
import { x402Command } from "../../cli/commands/x402";
import { Lookups } from "../../provider/hosts/plugin/lookups";
import { SessionHolder } from "../../provider/hosts/session-holder";
import { WalletHolder } from "../../provider/hosts/wallet-holder";
import { LOOKUPS } from "../../provider/lookups";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { rotation } from "../../provider/rotation";
import { rotationSettings } from "../../provider/rotation-settings";
import { trafficPurchase } from "../../provider/traffic-purchase";
import { familiesOf } from "../../report/metric-families";
import { type FleetSnapshot } from "../../dashboard/fleet";
import { proxiesPolicies } from "../../review/policy";
import { PORT_TYPE, typeOf } from "../../domain/kinds";
import { cleanLines, withoutCommands } from "../../text";
import { createApi } from "../../api";
import { PAYER, rented } from "../api/x402/rented";
import { exported, other, proxyPort } from "../cli/exported";
import { accountFolder } from "../../provider/run/account-folder";
import { agentAt } from "../mcp/agent";
import { scrape } from "../cli/scraped";
import { hearing } from "../cli/terminal";
import { Life, World } from "../lifecycle/life";
import { Front } from "../lifecycle/odd-front";
import { recordedText } from "../review/recordings";
import { hostileText, isUnseen } from "./hostile";
import { runsOf } from "../cases";

/** A line that begins with it was forged. */
const FORGED = "FORGED-LINE";
/** In the previews under a secret's name. */
const TOKEN = "canary/token+of~a&program";

let world: World;
let front: Front;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-words-"));
  world = await World.open({ config: { slots: { shared: 500, private: 500 } } });
  front = new Front(world);
  await front.open();
});
afterAll(async () => {
  await front.close();
  rmSync(folder, { recursive: true });
});

/** Fields that must stay what they are for the rest of an answer to be read. */
const FIRM = /^(_?id|.*Id|.*At|.*Ip|slotType|code|.*(login|password|token|link|url).*)$/i;

/** Every other text of a JSON value, with `word` behind it. */
const withWord = (value: unknown, word: string): unknown => spoilt(value, word, (name) => !FIRM.test(name));

function spoilt(value: unknown, word: string, isSpoilt: (name: string) => boolean, name = ""): unknown {
  if (typeof value === "string") return isSpoilt(name) ? value + word : value;
  if (Array.isArray(value)) return value.map((one) => spoilt(one, word, isSpoilt, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, spoilt(one, word, isSpoilt, inner)]));
}

/** What an answer to a wallet says in words. */
const LOOSE = /^(country|countryName|carrier|city|region|name|brand|status|message|description|reason|error|tier)$/;

/** A hostile word that also holds a secret, in one of the ways that are in use. */
const words = (secrets: string[]): fc.Arbitrary<string> =>
  fc
    .tuple(hostileText, fc.constantFrom(...secrets), fc.constantFrom(...FORMS), hostileText)
    .map(([before, secret, form, after]) => wordOf(before, form(secret), after));

const wordOf = (before: string, secret: string, after: string): string =>
  `w${before}\r\n${FORGED}\u2028${FORGED} ${secret} ${after}\n::error::x`;

const FORMS: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(secret).toString("base64url"),
  (secret) => Buffer.from(secret).toString("hex"),
  encodeURIComponent,
];

/** What is wrong with a text that left. */
function faultsIn(text: string, secrets: string[]): string[] {
  const unseen = [...text].filter((char) => isUnseen(char) && char !== "\n");
  const told = secrets.filter((secret) => FORMS.some((form) => text.includes(form(secret))));
  return [
    ...(unseen.length > 0 ? [`unseen ${JSON.stringify(unseen.join(""))}`] : []),
    ...(new RegExp(`^\\s*${FORGED}`, "m").test(text) ? ["a forged line"] : []),
    ...(withoutCommands(text) === text ? [] : ["a command to a CI"]),
    ...told.map((secret) => `the secret ${secret}`),
  ].map((fault) => `${fault} in ${text}`);
}

const steady = { numRuns: Number(process.env.EVERY_OUTPUT ?? runsOf(8)), endOnFailure: true };

it("whatever the vendor and states say, commands write it clean", async () => {
  const { apiKey, control } = world.emulator;
  control.reset();
  const bought = [control.buyPort({ country: "DE" }), control.buyPort({ country: "GB" })];
  const passwords = control.ports().map(({ proxyPassword }) => proxyPassword);
  const secrets = [apiKey, ...passwords];
  const commands = [
    (argv: string[], to: Heard) => orphansCommand(argv, to),
    (argv: string[], to: Heard) => orphansCommand([...argv, "--json"], to),
    (argv: string[], to: Heard) => orphansCommand([...argv, "--adopt"], to),
    (argv: string[], to: Heard) => adoptCommand(argv, to),
    (argv: string[], to: Heard) => adoptCommand([...argv, "--json"], to),
    (argv: string[], to: Heard) => watchCommand([...argv, "--once"], to),
    ...Object.keys(FORMATS).map(
      (format) => (argv: string[], to: Heard) => exportCommand([...argv, "--format", format], to),
    ),
    (argv: string[], to: Heard) =>
      reportCommand([...argv, "--json", "--force", "--output", join(folder, "fleet.json")], to),
  ];
  await fc.assert(
    fc.asyncProperty(words(secrets), async (word) => {
      front.spoilt = { call: /./, by: (body) => withWord(body, word) };
      const state = exported([
        proxyPort(`held${word}`, {}, { id: bought[0]?.id }),
        proxyPort(`gone${word}`, { status: "expired" }),
        other(typeOf("X402Lease"), `lease${word}`, {
          id: "s1",
          outputs: { sessionId: `s${word}`, status: word, country: word, tier: word, network: word, receipts: [] },
        }),
      ]);
      for (const command of commands) {
        const terminal = hearing({ PROXIES_API_KEY: apiKey, PROXIES_API_URL: world.emulator.url }, { input: state });
        await command(["--state", "-"], terminal);
        const faults = faultsIn(terminal.said.out + terminal.said.err, [apiKey]);
        expect(faults).toEqual([]);
      }
      const file = readFileSync(join(folder, "fleet.json"), "utf8");
      expect(faultsIn(file, [apiKey])).toEqual([]);
      for (const { samples } of familiesOf(JSON.parse(file) as FleetSnapshot))
        for (const { labels = {} } of samples)
          for (const label of Object.values(labels)) expect(faultsIn(label, [apiKey])).toEqual([]);
    }),
    steady,
  );
  front.spoilt = undefined;
}, 300_000);

/** What an answer about an account says in words. */
const SAID =
  /^(displayName|name|brand|country(Name)?|carrier(Name)?|city(Name)?|message|subject|reason|error|currency)$/;

it.each([undefined, 100])(
  "whatever the vendor and states say, commands for an account write it clean: columns %p",
  async (columns) => {
    const { apiKey, url, control } = world.emulator;
    control.reset();
    front.spoilt = undefined;
    const api = createApi({ apiKey, apiUrl: url });
    const { id } = control.buyPort({ country: "DE" });
    const order = await api.cryptoPayments.create(50);
    const ticket = await api.tickets.create({ subject: "A subject", message: "A message of twenty letters" });
    control.answerTicket(ticket.id, "An answer of support.");
    api.close();
    const say = ["--message", "A text that is long enough for a ticket"];
    const commands: ((to: Heard, word: string) => Promise<number>)[] = [
      (to) => portsCommand(["--state", "-"], to),
      (to, word) => portsCommand(["--country", "DE", "--carrier", word, "--search", word], to),
      (to, word) => checkCommand([id, word, "--speed", "--state", "-"], to),
      (to) => checkCommand([id, "--speed"], to),
      (to) => rotateCommand([id, "--yes"], to),
      (to) => buyCommand(["traffic", "--amount", "1", "--max-price", "9", "--yes"], to, async () => undefined),
      (to) => payCommand(["create", "--amount", "50", "--yes"], to),
      (to) => payCommand(["pending"], to),
      (to) => payCommand(["status", order.id], to),
      (to) => payCommand(["status"], to),
      (to) => payCommand(["cancel", order.id, "--yes"], to),
      (to, word) => ticketsCommand(["create", "--subject", `About ${word}`.slice(0, 200), ...say, "--yes"], to),
      (to) => ticketsCommand(["list"], to),
      (to) => ticketsCommand(["show", ticket.id], to),
      (to) => ticketsCommand(["reply", ticket.id, ...say, "--yes"], to),
      (to) => ticketsCommand(["close", ticket.id, "--yes"], to),
      (to, word) => ticketsCommand(["show", word], to),
    ];
    const told = commands.map(() => "");
    await fc.assert(
      fc.asyncProperty(words([apiKey]), fc.constantFrom(SAID, /./), async (word, said) => {
        front.spoilt = { call: /./, by: (body) => spoilt(body, word, (name) => said.test(name) && !FIRM.test(name)) };
        const input = exported([proxyPort(`held${word}`, {}, { id })]);
        const env = { PROXIES_API_KEY: apiKey, PROXIES_API_URL: url, PROXIES_SX_JOURNAL_DIR: folder };
        for (const [at, command] of commands.entries()) {
          const screen = columns === undefined ? {} : { screen: () => ({ rows: 40, columns }) };
          const terminal = hearing(env, { input, ...screen });
          await command(terminal, word);
          told[at] += terminal.said.out + terminal.said.err;
          expect(faultsIn(terminal.said.out + terminal.said.err, [apiKey])).toEqual([]);
        }
      }),
      { ...steady, examples: [[wordOf("", apiKey, ""), SAID]] }, // a long word at random is cut before what is sought
    );
    front.spoilt = undefined;
    expect(told.filter((text) => text.includes(FORGED)).length).toBeGreaterThan(3);
  },
  300_000,
);

type Heard = ReturnType<typeof hearing>;

/** A test key that everybody knows: that of PAYER. */
const WALLET_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

it.each([undefined, 100])(
  "whatever vendor and chain say, commands for wallets write it clean: columns %p",
  async (columns) => {
    const { url } = world.emulator;
    world.emulator.control.reset();
    front.spoilt = undefined;
    const { token = "", proxy } = await rented(world.emulator);
    const secrets = [WALLET_KEY, WALLET_KEY.slice(2), token, proxy?.password ?? ""];
    const commands = [
      ["quote", "--country", "DE"],
      ["wallet"],
      ["sessions", PAYER],
      ["adopt", PAYER],
      ["receipts"],
      ["claims"],
    ];
    let heard = "";
    await fc.assert(
      fc.asyncProperty(words(secrets), async (word) => {
        front.spoilt = { call: /./, by: (body) => spoilt(body, word, (name) => LOOSE.test(name)) };
        for (const argv of commands) {
          const env = { AGENT_WALLET_KEY: WALLET_KEY, PROXIES_API_URL: url, PROXIES_RPC_URL: `${url}/rpc` };
          const screen = columns === undefined ? {} : { screen: () => ({ rows: 40, columns }) };
          const terminal = hearing({ ...env, PROXIES_SX_JOURNAL_DIR: folder }, screen);
          await x402Command(argv, terminal);
          heard += terminal.said.out;
          expect(faultsIn(terminal.said.out + terminal.said.err, secrets.slice(0, 2))).toEqual([]);
        }
      }),
      { ...steady, examples: [[wordOf("", WALLET_KEY, "")]] },
    );
    front.spoilt = undefined;
    expect(heard).toContain(FORGED);
  },
  300_000,
);

it("whatever a preview says, plan writes it clean", async () => {
  const { apiKey } = world.emulator;
  await fc.assert(
    fc.asyncProperty(
      words([TOKEN]),
      fc.constantFrom("mixed", "refused", "renewal-due", "refreshed"),
      fc.constantFrom([], ["--markdown"], ["--json"]),
      async (word, name, format) => {
        const preview = JSON.parse(recordedText(name), (key, value: unknown) =>
          typeof value === "string" && /^(urn|country|carrier|message|displayName|proxyLogin)$/.test(key)
            ? value + word
            : value,
        ) as { config?: object };
        preview.config = { ...preview.config, "app:token": TOKEN };
        const terminal = hearing({}, { input: JSON.stringify(preview) });
        expect(await planCommand(["-", ...format], terminal)).toBe(name === "refused" ? 3 : 0);
        expect(faultsIn(terminal.said.out + terminal.said.err, [TOKEN, apiKey])).toEqual([]);
      },
    ),
    { ...steady, numRuns: 4 * steady.numRuns },
  );
}, 300_000);

it("whatever the vendor says, handlers report and keep it clean", async () => {
  const { apiKey, control } = world.emulator;
  await fc.assert(
    fc.asyncProperty(words([apiKey]), async (word) => {
      control.reset();
      const { id } = control.buyPort({ country: "DE" });
      front.spoilt = { call: /./, by: (body) => withWord(body, word) };
      const lives: [
        { up(args: never): Promise<unknown>; state: object; notices: string[]; infos: string[]; progress: string[] },
        object,
      ][] = [
        [new Life(port as never, world), { country: "DE", expiresIn: "30d" }],
        [new Life(port as never, world), { country: "Atlantis", expiresIn: "30d" }],
        [new Life(osFingerprint as never, world), { port: id, osFingerprint: "windows:1" }],
        [new Life(rotationSettings as never, world), { port: id, intervalSeconds: 3_600 }],
        [new Life(rotation as never, world), { port: id, triggers: { a: "1" } }],
        [new Life(trafficPurchase as never, world), { amountGB: 1, maxPrice: 9 }],
      ];
      for (const [life, args] of lives) {
        const failure = await life.up(args as never).then(
          () => "",
          (error: Error) => error.message,
        );
        const { outs } = life.state as { outs: object };
        const kept = Object.values(outs).filter((value) => typeof value === "string");
        for (const text of [failure, ...life.notices, ...life.infos, ...life.progress, ...kept]) {
          expect(faultsIn(text, [apiKey])).toEqual([]);
          expect(cleanLines(text)).toBe(text);
        }
      }
    }),
    steady,
  );
  front.spoilt = undefined;
}, 300_000);

it("whatever the vendor says, functions of the plugin answer clean", async () => {
  const { apiKey, control, url } = world.emulator;
  const settings: Record<string, string> = { "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": url };
  await fc.assert(
    fc.asyncProperty(words([apiKey]), async (word) => {
      front.spoilt = undefined;
      control.reset();
      const port = control.buyPort({ country: "DE" }).id;
      const { token } = await rented(world.emulator);
      const args = { port, token, country: "DE", amountGB: 1, wallet: PAYER };
      const texts: string[] = [];
      const surroundings = { notice: (text: string) => void texts.push(text) };
      const [account, wallets] = [new SessionHolder(surroundings), new WalletHolder(surroundings)];
      for (const holder of [account, wallets]) holder.configure((name) => settings[name]);
      front.spoilt = { call: /./, by: (body) => withWord(body, word) };
      for (const { name, inputs, keyless } of LOOKUPS) {
        const given = Object.entries(args).filter(([input]) => input in inputs);
        const asked = { props: Object.fromEntries(given), secrets: new Set<string>() };
        const answer = await new Lookups(account, wallets)
          .ask(`proxies-sx:index:${name}`, asked)
          .catch((error: Error) => error.message);
        JSON.stringify(answer, (_, one: unknown) => {
          if (typeof one === "string") texts.push(one);
          return one;
        });
        // Wallets' functions never had the key that they would have to cut out.
        for (const text of texts.splice(0)) {
          expect([name, faultsIn(text, keyless ? [] : [apiKey])]).toEqual([name, []]);
          expect(cleanLines(text)).toBe(text);
        }
      }
      account.close();
      wallets.close();
    }),
    steady,
  );
  front.spoilt = undefined;
}, 300_000);

it("whatever the vendor says, what metrics serve while they look is clean", async () => {
  const { apiKey, control } = world.emulator;
  await fc.assert(
    fc.asyncProperty(words([apiKey]), async (word) => {
      control.reset();
      const { id } = control.buyPort({ country: "DE" });
      front.spoilt = { call: /./, by: (body) => withWord(body, word) };
      const state = exported([proxyPort(`held${word}`, {}, { id })]);
      const { metrics, root, err } = await scrape(world.emulator, ["--state", "-"], { state });
      expect(metrics.status).toBe(200);
      const labels = metrics.text.replaceAll("\\n", "\n"); // as a scraper reads them
      for (const text of [metrics.text, labels, root.text, err]) expect(faultsIn(text, [apiKey])).toEqual([]);
    }),
    steady,
  );
  front.spoilt = undefined;
}, 300_000);

it("whatever it is given, disown writes it clean", async () => {
  const { apiKey, url } = world.emulator;
  await fc.assert(
    fc.asyncProperty(words([apiKey]), fc.boolean(), async (word, asOption) => {
      const terminal = hearing({
        PROXIES_API_KEY: apiKey,
        PROXIES_API_URL: url,
        PROXIES_SX_JOURNAL_DIR: folder,
      });
      for (const argv of [[word], [asOption ? `--${word}` : word, "--api-url", word], ["0".repeat(24)]]) {
        await disownCommand(argv, terminal).catch(() => undefined);
      }
      const { out, err } = terminal.said;
      expect(err).not.toBe("");
      expect(faultsIn(out + err, [apiKey])).toEqual([]);
    }),
    steady,
  );
}, 300_000);

it("whatever the vendor, states and programs say, the server for agents answers clean", async () => {
  const { apiKey, control, url } = world.emulator;
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  await fc.assert(
    fc.asyncProperty(words([apiKey]), async (word) => {
      control.reset();
      const { id, proxyPassword, rotationToken } = control.buyPort({ country: "DE" });
      const held = control.buyPort({ country: "GB" });
      front.spoilt = { call: /./, by: (body) => withWord(body, word) };
      const state = join(folder, "agents.json");
      writeFileSync(state, exported([proxyPort(`held${word}`, { portId: held.id }), proxyPort(`gone${word}`)]));
      writeFileSync(
        join(folder, "index.ts"),
        `// ${word.replace(/[\r\n]+/g, " ")}\nnew Port("a", { country: "DE" });\n`,
      );
      const agent = await agentAt({ apiKey, url }, [
        "--allow",
        "ports,rotation,tickets",
        "--state",
        state,
        "--cwd",
        folder,
      ]);
      const calls: [string, object][] = [
        ["get_account_summary", {}],
        ["list_ports", {}],
        ["get_port", { portId: id }],
        ["get_port_status", { portId: word }],
        ["explain_port", { portId: held.id }],
        ["delete_port", { portId: held.id }],
        ["rotate_port", { portId: id }],
        ["get_all_proxy_formats", { portId: id }],
        ["fleet_report", {}],
        ["orphans", {}],
        ["create_support_ticket", { subject: `Help: ${word}`.slice(0, 190), message: `${word} ${word}` }],
        ["list_my_tickets", {}],
        ["propose_change", { file: "index.ts", resource: "a", input: "country", value: word }],
        ["propose_change", { file: word, resource: word, input: word }],
      ];
      for (const [name, args] of calls) {
        const { text, data = {} } = await agent.call(name, args);
        for (const said of [text, ...textsIn(data)]) {
          expect([name, faultsIn(said, [apiKey, proxyPassword, rotationToken])]).toEqual([name, []]);
        }
      }
      await agent.leave();
      const { out, err } = agent.terminal.said;
      expect([out, faultsIn(err, [apiKey])]).toEqual(["", []]);
      const audit = readFileSync(join(accountFolder({ apiKey, apiUrl: url }), "agents", "audit.jsonl"), "utf8");
      expect(faultsIn(audit, [apiKey])).toEqual([]);
    }),
    steady,
  );
  front.spoilt = undefined;
}, 600_000);

/** Of a JSON value, with the names of its fields. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...textsIn(one)]);
};

it("whatever names resources have, what the policy pack reports is clean", async () => {
  const limits = { countries: ["DE"], carriers: ["O2"], maxLease: "1d", maxPorts: 1, protectStacks: ["*"] };
  const policies = proxiesPolicies(limits) as unknown as Policy[];
  await fc.assert(
    fc.asyncProperty(words(["none"]), async (word) => {
      const props = { country: `GB${word}`, carrier: `x${word}`, expiresIn: "30d", slotType: "shared" };
      const resources = ["a", "b"].map((name) => resource(`${name}${word}`, props));
      const reported: string[] = [];
      const report = (text: string): void => void reported.push(text);
      for (const { validateResource, validateStack } of policies) {
        for (const one of resources) await validateResource?.(one, report);
        await validateStack?.({ resources }, report);
      }
      expect(reported.length).toBeGreaterThan(4);
      for (const text of reported) expect(faultsIn(text, [])).toEqual([]);
    }),
    steady,
  );
}, 300_000);

interface Policy {
  validateResource?: (resource: object, report: (text: string) => void) => unknown;
  validateStack?: (stack: { resources: object[] }, report: (text: string) => void) => unknown;
}

/** As Pulumi hands a resource to a policy. */
const resource = (name: string, props: object): object => ({
  urn: `urn:pulumi:dev::test::${PORT_TYPE}::${name}`,
  type: PORT_TYPE,
  name,
  props,
  opts: { protect: false },
});
