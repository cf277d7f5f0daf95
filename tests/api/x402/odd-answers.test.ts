import fc from "fast-check";
import { isApiError, type X402Api } from "../../../api";
import { type Reply } from "../vendor";
import { ACCEPT, ACCEPT_V2, base64, HASH, PAGE, shops, TOKEN, WALLET } from "./shop";
import { runsOf } from "../../cases";

const shop = shops();
const PROOF = { kind: "transaction", hash: HASH, network: "base" } as const;

const CALLS: ((x402: X402Api) => Promise<unknown>)[] = [
  (x) => x.health(),
  (x) => x.info(),
  (x) => x.countries(),
  (x) => x.pricing(),
  (x) => x.calculate({}),
  (x) => x.agents(),
  (x) => x.askProxy({ country: "DE" }),
  (x) => x.buyProxy({ country: "DE" }, PROOF),
  (x) => x.sessions.get("a"),
  (x) => x.sessions.byTransaction(HASH),
  (x) => x.sessions.byWallet(WALLET),
  (x) => x.sessions.status("a"),
  (x) => x.manage.session(TOKEN),
  (x) => x.manage.credit(TOKEN),
  (x) => x.manage.ports(TOKEN),
  (x) => x.manage.portStatus(TOKEN, "a"),
  (x) => x.manage.replacePort(TOKEN),
  (x) => x.manage.topupPrice(TOKEN, {}),
  (x) => x.manage.askTopup(TOKEN, { trafficGB: 1 }),
  (x) => x.manage.topup(TOKEN, { trafficGB: 1 }, PROOF),
  (x) => x.places.countries(),
  (x) => x.places.cities("DE"),
  (x) => x.places.carriers("DE"),
];

const NAMES = [
  ..."id sessionId sessionToken session credentials proxy payment accepts paymentRequirement ports sessions agents".split(
    " ",
  ),
  ..."shared private pricing networks wallets limits cost totalCost breakdown traffic location success enabled".split(
    " ",
  ),
  ..."expiresAt walletAddress txHash http code name x402Version __proto__ constructor".split(" "),
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    1e300,
    "",
    "\u202e\u001b[31m",
    "4.00",
    "4,00",
    WALLET,
    HASH,
    TOKEN,
    PAGE.expires,
    ACCEPT,
    ACCEPT_V2,
    PAGE,
  ),
  fc.string(),
);
const { body } = fc.letrec<{ body: unknown }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("body"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie("body")), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

test("whatever comes, a call ends with an answer or an ApiError of one line", async () => {
  let reply: Reply = {};
  const { x402 } = await shop(() => reply);
  const header = fc.option(fc.oneof(body.map(base64), fc.stringMatching(/^[ -~]{0,40}$/)));
  const statuses = fc.constantFrom(200, 402);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CALLS), statuses, body, header, async (run, status, json, told) => {
      const headers: Record<string, string> =
        told === null ? {} : { "PAYMENT-REQUIRED": told.trim(), "PAYMENT-RESPONSE": told.trim() };
      reply = { status, json, headers };
      const outcome = await run(x402).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(isApiError(outcome)).toBe(true);
        // eslint-disable-next-line no-control-regex
        expect(outcome.message).not.toMatch(/[\u0000-\u001f\u202e]/);
        expect(outcome.message).not.toContain(TOKEN);
      }
    }),
    { numRuns: runsOf(500) },
  );
});
