import { checkTerms, formatUsdc, NETWORKS, networkOf, type Offer, type ProxyOrder, type Terms } from "../../api";
import { formatDuration, parseDuration } from "../../domain/duration";
import { clean } from "../../text";
import { usdcOf, withX402, X402_HELP, X402_OPTIONS, type X402Arguments, x402Arguments } from "../state/open-x402";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx x402 quote --country CODE [options]

The price of a proxy that a wallet pays for, as the vendor asks it for this order now: amount, network, and the address
to pay. Nothing is bought, and no key is needed.

  --country CODE   two letters: DE
  --city NAME      name or code of a city
  --carrier NAME   name, brand or code of a carrier
  --tier NAME      shared (default) or private
  --gb N           traffic in GB, from 0.1 (default 1)
  --duration TIME  90m, 24h, 30d or seconds, from an hour (default 1h)
${X402_HELP}

Exit code: 0 there is an offer that can be paid, 1 there is none, 2 wrong usage, 3 the API gave no price.`;

const OPTIONS = {
  country: { type: "string" },
  city: { type: "string" },
  carrier: { type: "string" },
  tier: { type: "string" },
  gb: { type: "string" },
  duration: { type: "string" },
  ...X402_OPTIONS,
} as const;

interface QuoteArguments extends X402Arguments {
  order: ProxyOrder & { durationSeconds: number; trafficGB: number };
}

/** What a wallet would pay. */
export function quoteCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 quote", help: HELP, read: readArguments, run: quote }, argv, terminal);
}

function readArguments(argv: string[]): QuoteArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { country, city, carrier, tier = "shared", gb = "1", duration = "1h" } = values;
  if (country === undefined || !/^[A-Za-z]{2}$/.test(country))
    throw new UsageError("--country takes the two letters of a country: --country DE");
  if (tier !== "shared" && tier !== "private") throw new UsageError("--tier takes one of: shared, private");
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(gb) || Number(gb) === 0)
    throw new UsageError("--gb is a number above 0 and below a million, with three decimals at most: --gb 0.5");
  const durationSeconds = parseDuration(duration);
  if (!durationSeconds) throw new UsageError("--duration is a length of time: 90m, 24h, 30d or seconds");
  const order = {
    country: country.toUpperCase(),
    city,
    carrier,
    tier,
    trafficGB: Number(gb),
    durationSeconds,
  } as const;
  return { ...x402Arguments(values), order };
}

async function quote(args: QuoteArguments, terminal: Terminal): Promise<number> {
  return withX402(args, terminal, async (x402, apiUrl) => {
    const offered = await x402.askProxy(args.order);
    if ("bought" in offered) throw new Error("the vendor answered an order without a payment with a proxy");
    const { disagreements } = offered.terms;
    const offers = offersIn(offered.terms, apiUrl);
    for (const line of disagreements) terminal.err(`the vendor contradicts itself: ${clean(line, { max: 300 })}`);
    const { durationSeconds, trafficGB, country, tier } = args.order;
    tell(args, terminal, {
      json: { order: args.order, offers: offers.map(factsOf), disagreements },
      text: (width) =>
        `${country}, ${tier}, ${trafficGB} GB, ${formatDuration(durationSeconds)}\n\n${tableOf(offers, width)}`,
    });
    return offers.some(({ problem }) => problem === undefined) ? EXIT.fine : EXIT.attention;
  });
}

interface CheckedOffer extends Offer {
  /** Why it is not paid with the default settings. */
  problem?: string;
}

/** Each once, however many parts of the answer repeat it. */
function offersIn(terms: Terms, apiUrl: string): CheckedOffer[] {
  const different = new Map(
    terms.offers.map((offer) => [`${offer.network} ${offer.amount} ${offer.payTo} ${offer.asset}`, offer]),
  );
  return [...different.values()].map((offer) => {
    const problem = problemOf(offer, terms, apiUrl);
    return { ...offer, ...(problem !== undefined && { problem: clean(problem, { max: 300 }) }) };
  });
}

function problemOf(offer: Offer, { disagreements }: Terms, apiUrl: string): string | undefined {
  const network = networkOf(offer.network)?.name;
  if (network === undefined) return `not supported: only ${Object.keys(NETWORKS).join(" and ")} are`;
  const agreed = checkTerms({ offers: [offer], disagreements }, { apiUrl, network, maxPrice: offer.amount });
  return "problem" in agreed ? agreed.problem : undefined;
}

const factsOf = ({ network, amount, payTo, asset, problem }: CheckedOffer) => ({
  network,
  amountUSDC: usdcOf(amount),
  payTo,
  asset,
  problem,
});

const tableOf = (offers: CheckedOffer[], width: number): string =>
  table(
    ["NETWORK", "USDC", "PAID TO", "CAN BE PAID"],
    offers.map(({ network, amount, payTo, problem = "yes" }) => [network, formatUsdc(amount), payTo, problem]),
    width,
  );
