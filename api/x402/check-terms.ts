import { isLoopback } from "../transport/options";
import { isEvmAddress } from "./fields";
import { formatUsdc, type MicroUsdc } from "./money";
import { type Network, type NetworkName, NETWORKS, VENDOR_PAYEES } from "./networks";
import { bestFor, type Offer, type Terms } from "./terms";

/** What a payment may be. */
export interface PaymentRules {
  /** Where the terms come from: for a loopback address nothing is signed that is real money. */
  apiUrl: string;
  network: NetworkName;
  /** The most for this one payment. */
  maxPrice: MicroUsdc;
  /** @default the vendor's published address */
  payees?: readonly string[];
}

/** What is to be paid, in USDC of its network. */
export interface Transfer {
  network: Network;
  payTo: string;
  amount: MicroUsdc;
  /** The token's contract, if the offer names it: none but the network's USDC may be. */
  asset?: string;
}

/** An offer that may be accepted, and what is then to be signed; or why none may, in one line. */
export type Agreement = { offer: Offer; transfer: Transfer } | { problem: string };

/**
 * Chooses the offer for our network and checks all that is signed for it: payee, asset, network, amount, and that the
 * vendor says the same wherever it says it. The header of version 2 goes before the body.
 */
export function checkTerms(terms: Terms, rules: PaymentRules): Agreement {
  const [disagreement] = terms.disagreements;
  if (disagreement !== undefined) return { problem: `the vendor's terms contradict each other: ${disagreement}` };
  const offer = bestFor(rules.network, terms.offers);
  if (!offer) {
    const offered = [...new Set(terms.offers.map(({ network }) => network))].slice(0, 5).join(", ");
    return { problem: `the vendor does not offer to be paid on ${rules.network}, only on ${offered}` };
  }
  const network = NETWORKS[rules.network];
  const { payTo, amount, asset } = offer;
  const transfer: Transfer = { network, payTo, amount, ...(asset !== undefined && { asset }) };
  const problem = checkForm(offer, network) ?? checkTransfer(transfer, rules);
  return problem === undefined ? { offer, transfer } : { problem };
}

/** Why this may not be paid, in one line; undefined where it may. */
export function checkTransfer(transfer: Transfer, rules: PaymentRules): string | undefined {
  const { network, payTo, amount, asset } = transfer;
  const payees = (rules.payees ?? VENDOR_PAYEES).map((one) => one.toLowerCase());
  if (!URL.canParse(rules.apiUrl)) return "the API URL is none";
  if (network.isMainnet && isLoopback(new URL(rules.apiUrl).hostname))
    return `${network.name} (chain ${network.chainId}) is real money, and the API is on this machine: use base-sepolia`;
  if (network !== NETWORKS[rules.network]) return `the network is ${network.name}, and may be ${rules.network} only`;
  if (asset !== undefined && asset.toLowerCase() !== network.usdc)
    return `the asset ${asset} is not USDC of ${network.name}, ${network.usdc}`;
  if (!isEvmAddress(payTo)) return `the payee is no address of ${network.name}`;
  if (!payees.includes(payTo.toLowerCase())) return `the payee ${payTo} is not among those that are allowed`;
  if (amount <= 0n) return "there is nothing to pay";
  if (amount > rules.maxPrice)
    return `the price is ${formatUsdc(amount)} USDC, and may be ${formatUsdc(rules.maxPrice)} at most`;
  return undefined;
}

/** What an offer says of how it is signed must be how we sign. */
function checkForm({ chainId, domain, transferMethod }: Offer, network: Network): string | undefined {
  if (chainId !== undefined && chainId !== network.chainId)
    return `the vendor says that ${network.name} is chain ${chainId}, and it is ${network.chainId}`;
  const { name = network.domain.name, version = network.domain.version } = domain ?? {};
  if (name !== network.domain.name || version !== network.domain.version)
    return `the vendor names the token "${name}" "${version}", and USDC of ${network.name} is "${network.domain.name}" "${network.domain.version}"`;
  if (transferMethod !== undefined && transferMethod !== "eip3009")
    return `the vendor wants to be paid by ${transferMethod}, and only eip3009 is known here`;
  return undefined;
}
