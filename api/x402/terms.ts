import { z } from "zod";
import { listOf, requiredId, text } from "../fields";
import { present, reader, type ResponseContext } from "../reading";
import { time } from "../time";
import { clean } from "../../text";
import { networkName, requiredAddress, requiredMicro, requiredUsdc } from "./fields";
import { NO_OBJECT, objectIn } from "./header";
import { formatUsdc, type MicroUsdc } from "./money";
import { canonicalName, networkOf } from "./networks";

/**
 * Where an offer stood: the header of version 2, `accepts` of the body (x402 specification), `paymentRequirement`
 * (MCP client) or `payment` (vendor page).
 */
export type OfferSource = "header" | "accepts" | "paymentRequirement" | "payment";

/** One way to pay, as the vendor offers it. Addresses of EVM chains are in small letters. */
export interface Offer {
  source: OfferSource;
  /** Of the protocol: the form in which a payment for this offer is sent. */
  version: 1 | 2;
  /** One name for each chain, such as "base"; "eip155:1" for one that we do not know. */
  network: string;
  /** As the offer names it: a payment repeats it. */
  networkAsTold: string;
  /** If the offer has it besides the network. */
  chainId?: number;
  amount: MicroUsdc;
  payTo: string;
  /** The token's contract; for the vendor page's form, which says USDC, that of our table. */
  asset?: string;
  /** Seconds from the offer on. */
  maxTimeoutSeconds?: number;
  /** Of the token's EIP-712 domain, if the offer has it. */
  domain?: { name?: string; version?: string };
  /** "eip3009", "permit2", …; by default the first. */
  transferMethod?: string;
  /** The offer of version 2 as it came: a payment has to repeat it whole. Shown nowhere. */
  verbatim?: Record<string, unknown>;
}

/** What 402 asks for. */
export interface Terms {
  /** Those of the scheme "exact", the header's first. */
  offers: Offer[];
  /** Where header and body, or two parts of the body, do not say the same; one line each. */
  disagreements: string[];
  /** Of the vendor page's form: a payment that is seen on the chain is claimed by it. */
  paymentId?: string;
  /** Epoch ms, of the vendor page's form. */
  expiresAt?: number;
  /** The vendor's words, mostly why a payment was refused. */
  error?: string;
}

const seconds = z
  .number()
  .refine((value) => value >= 0 && value <= 1e9, "is not a number of seconds")
  .nullish();
const chain = z.coerce
  .number()
  .refine((value) => Number.isSafeInteger(value) && value > 0, "is not a chain's id")
  .nullish();
const extra = z.object({ name: text, version: text, assetTransferMethod: text }).nullish();
const common = {
  network: networkName,
  payTo: requiredAddress,
  asset: requiredAddress,
  maxTimeoutSeconds: seconds,
  extra,
};
const acceptV1 = z.object({ ...common, maxAmountRequired: requiredMicro, chainId: chain });
const acceptV2 = z.object({ ...common, amount: requiredMicro });
const payment = z.object({
  payTo: requiredAddress,
  amount: requiredUsdc,
  currency: z.literal("USDC").nullish(),
  network: networkName,
  paymentId: requiredId.nullish(),
  expires: time,
});
const MOST_OFFERS = 100;

/** Reads the terms of a 402: every documented form of its body and of its headers. */
export function readTerms(body: unknown, context: ResponseContext): Terms {
  const told = (typeof body === "object" && body !== null && !Array.isArray(body) ? body : {}) as Record<
    string,
    unknown
  >;
  const asItCame = objectIn(context.header("payment-required"));
  if (asItCame === null) throw context.broken(["PAYMENT-REQUIRED"], NO_OBJECT);
  const required = asItCame && context.fit(asItCame);
  const page = told["payment"] ? parsed(payment, told["payment"], ["payment"], context) : undefined;
  const nested = told["paymentRequirement"] as { accepts?: unknown; x402Version?: unknown } | null | undefined;
  const offers = [
    ...listed("header", required, ["PAYMENT-REQUIRED", "accepts"], context, asItCame?.["accepts"]),
    ...listed("accepts", told, ["accepts"], context),
    ...listed("paymentRequirement", nested, ["paymentRequirement", "accepts"], context),
    ...(page ? [fromPage(page)] : []),
  ];
  if (offers.length === 0) throw context.broken([], "names no way of paying that is known here");
  const error = [told["error"], required?.["error"]].find((one) => typeof one === "string" && one.trim() !== "");
  return present<Terms>({
    offers,
    disagreements: disagreementsOf(offers),
    paymentId: page?.paymentId,
    expiresAt: page?.expires,
    error: error === undefined ? undefined : clean(error as string, { max: 300 }),
  });
}

/** Of a list of offers those whose scheme is "exact"; others have other fields. */
function listed(
  source: Exclude<OfferSource, "payment">,
  holder: { accepts?: unknown; x402Version?: unknown } | null | undefined,
  field: string[],
  context: ResponseContext,
  asItCame = holder?.accepts,
): Offer[] {
  if (holder?.accepts === undefined || holder.accepts === null) return [];
  const entries = parsed(listOf(z.looseObject({ scheme: z.string() })), holder.accepts, field, context);
  if (entries.length > MOST_OFFERS) throw context.broken(field, `has more than ${MOST_OFFERS} entries`);
  const version = holder.x402Version === 2 || (source === "header" && holder.x402Version !== 1) ? 2 : 1;
  return entries.flatMap((entry, index) => {
    if (entry.scheme !== "exact") return [];
    const at = [...field, index];
    if (version === 2) {
      const { amount, ...offer } = parsed(acceptV2, entry, at, context);
      return [fromList({ source, version, amount, verbatim: (asItCame as Record<string, unknown>[])[index] }, offer)];
    }
    const { maxAmountRequired: amount, chainId, ...offer } = parsed(acceptV1, entry, at, context);
    return [fromList({ source, version, amount, ...(chainId && { chainId }) }, offer)];
  });
}

type Common = Pick<z.output<typeof acceptV2>, keyof typeof common>;

function fromList(own: Partial<Offer>, { network, payTo, asset, maxTimeoutSeconds, extra }: Common): Offer {
  return present<Offer>({
    ...(own as Pick<Offer, "source" | "version" | "amount">),
    network: canonicalName(network),
    networkAsTold: network,
    payTo,
    asset,
    maxTimeoutSeconds,
    domain: extra && (extra.name || extra.version) ? present({ name: extra.name, version: extra.version }) : undefined,
    transferMethod: extra?.assetTransferMethod,
  });
}

/** Its currency is USDC, so its asset is. */
function fromPage({ network: networkAsTold, payTo, amount }: z.output<typeof payment>): Offer {
  const asset = networkOf(networkAsTold)?.usdc;
  const network = canonicalName(networkAsTold);
  return present<Offer>({ source: "payment", version: 1, network, networkAsTold, amount, payTo, asset });
}

/** As `reader` does it, for a part of the answer. */
function parsed<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: PropertyKey[],
  context: ResponseContext,
): z.output<S> {
  const within: ResponseContext = { ...context, broken: (field, what) => context.broken([...at, ...field], what) };
  return reader(schema, (seen) => seen)(value, within);
}

const NAMES: Record<OfferSource, string> = {
  header: "the header PAYMENT-REQUIRED",
  accepts: "accepts of the body",
  paymentRequirement: "paymentRequirement of the body",
  payment: "payment of the body",
};

/** What two sources say differently of one network; the page's form may leave networks out, lists may not. */
function disagreementsOf(offers: Offer[]): string[] {
  const sources = [...new Set(offers.map(({ source }) => source))];
  const [first, ...others] = sources;
  const networks = [...new Set(offers.map(({ network }) => network))];
  return others.flatMap((other) =>
    networks.flatMap((network) => {
      const [one, two] = [first, other].map((source) =>
        bestFor(
          network,
          offers.filter((offer) => offer.source === source),
        ),
      );
      if (one && two) return differences(one, two);
      if (!one && !two) return [];
      if (!two && other === "payment") return [];
      const [has, lacks] = one ? [first!, other] : [other, first!];
      return [`${NAMES[has]} offers ${network}, ${NAMES[lacks]} does not`];
    }),
  );
}

/** The first for a network, in USDC if there is one. */
export function bestFor(network: string, offers: readonly Offer[]): Offer | undefined {
  const found = offers.filter((offer) => offer.network === network);
  const usdc = networkOf(network)?.usdc;
  return found.find(({ asset }) => asset === usdc) ?? found[0];
}

function differences(one: Offer, two: Offer): string[] {
  const say = (what: string, a: string, b: string) =>
    `${what} on ${one.network} is ${a} in ${NAMES[one.source]}, ${b} in ${NAMES[two.source]}`;
  return [
    ...(one.amount === two.amount ? [] : [say("the amount", formatUsdc(one.amount), formatUsdc(two.amount))]),
    ...(one.payTo === two.payTo ? [] : [say("the payee", one.payTo, two.payTo)]),
    ...(one.asset && two.asset && one.asset !== two.asset ? [say("the asset", one.asset, two.asset)] : []),
  ];
}
