import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Why a test of tests/engine takes one host only, the dynamic provider. All others run behind the plugin too, as
 * tests/plugin/engine-*.test.ts.
 */
const ONE_HOST: Readonly<Record<string, string>> = {
  accounts: "tests/plugin/moving.test.ts has a second account, with the plugin too",
  adoption: "the plugin imports by the engine's own import: tests/plugin/import.test.ts",
  automation: "a fleet of the class asks the engine for its members whichever host makes them",
  backends: "locks, logins and states are the CLI's; what is taken up from them is the same code",
  "bad-input": "the words are the handlers', and the form that the plugin gives them is in tests/provider/plugin",
  "debug-logs": "what Pulumi itself writes, as docs/security.md warns of it",
  interrupts: "signals reach the plugin in tests/plugin/engine-purchase-ends and life; the rest is the handlers'",
  limits: "the transport decides, which both share: refused-runs has the cases where a host does",
  lookups: "the program asks the vendor itself, and no host does",
  "lost-and-found": "cases in which the hosts could differ take both by themselves",
  plan: "it reads a preview; one of the plugin is in tests/review/recorded",
  "program-options": "the options are the engine's; those that only the plugin keeps are in tests/plugin",
  "program-start": "what a class says of its program and its settings, before any host is asked",
  protection: "the engine refuses, and asks no host; a protected stack moves in tests/plugin/moving.test.ts",
  "proxy-fleet": "members are resources like others; the plugin's own component is in tests/languages",
  "renewal-crossings": "order is the engine's; the plugin's renewals are in its engine-effects and killed-moves",
  "renewal-options": "options of the engine's commands, which pick resources and ask no host",
  requests: "sessions and their memory are shared; tests/plugin/engine-life counts calls of the plugin",
  "state-move": "`pulumi state move` edits states, and asks no host",
  "traffic-purchase":
    "the handler and its journal are shared; what a kill does to a host is in kills and purchase-ends",
  "vendor-life": "what the vendor does is the handlers' to answer; a host passes it on",
  "x402-lease": "wallets, claims and nonces know no host",
  "x402-lease-crossings": "options of the engine's commands, as renewal-options",
};

const testsIn = (folder: string, name: RegExp): string[] =>
  readdirSync(join(__dirname, "..", folder)).flatMap((file) => name.exec(file)?.[1] ?? []);

it("each test on the engine runs behind both hosts, or says why not", () => {
  const both = testsIn("plugin", /^engine-(.+)\.test\.ts$/);
  expect([...both, ...Object.keys(ONE_HOST)].sort()).toEqual(testsIn("engine", /^(.+)\.test\.ts$/).sort());
});
