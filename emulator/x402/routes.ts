import { badRequest, Problem } from "../rules/problem";
import { choiceOf } from "../rules/query";
import { type Call, created, route, type Route } from "../routes/route";
import { iso } from "../answers/shapes";
import { purchaseAnswer } from "./answers";
import { isAddress } from "./chain/bytes";
import { answerRpc } from "./chain/rpc";
import { inputOf } from "./input";
import { SOLANA } from "./networks";
import { keyOf, readOrder, readSize, requireStock } from "./order";
import { calculation, hasPrivate, networksOf, priceOf, pricingAnswer } from "./pricing";
import { sell } from "./sale";
import { sessionRoutes } from "./session-routes";
import { openSession } from "./sessions";

/** Called with GET and with POST (K, and README of the client). */
const both = (path: string, run: Route["run"]): Route[] => [
  route("GET", path, "public", run),
  route("POST", path, "public", run),
];

/** No route asks for a key: a wallet is all that a caller needs. */
export const x402Routes: Route[] = [
  ...both("/x402/health", () => ({ enabled: true, status: "ok", version: "1.0.0" })),
  route("GET", "/x402/info", "public", info),
  route("GET", "/x402/countries", "public", countries),
  ...both("/x402/pricing", pricing),
  ...both("/x402/calculate", calculate),
  route("GET", "/x402/agents", "public", agents),
  route("POST", "/x402/agents", "public", register),
  ...both("/x402/proxy", proxy),
  ...sessionRoutes,
  route("POST", "/rpc", "public", rpc),
];

function info(call: Call): unknown {
  const { payTo, minDuration, maxDuration, minTrafficGB, network } = call.world.config.x402;
  const { shared, private: own } = pricingAnswer(call);
  return {
    pricing: { shared, ...(own && { private: own }) },
    networks: networksOf(call),
    wallets: { [network]: payTo, solana: SOLANA.payTo },
    limits: { minDuration, maxDuration, minTrafficGB },
    currency: "USDC",
  };
}

/** Where a device is free, of one tier or of either. */
function countries({ world, quirks, query }: Call): unknown {
  const wanted = choiceOf(query, "tier", ["shared", "private"]);
  return world.atlas.countries.flatMap((country) => {
    const shared = world.stock.free({ country, slotType: "shared" });
    const own = hasPrivate(quirks) ? world.stock.free({ country, slotType: "private" }) : 0;
    const availableDevices = wanted === "shared" ? shared : wanted === "private" ? own : shared + own;
    const tier = shared > 0 && own > 0 ? "both" : shared > 0 ? "shared" : "private";
    return availableDevices > 0 ? [{ code: country.code, name: country.name, availableDevices, tier }] : [];
  });
}

/** With a traffic, what the client reads of it too (M). */
function pricing(call: Call): unknown {
  const input = inputOf(call);
  if (!input.get("traffic")) return pricingAnswer(call);
  return { ...calculation(call, { tier: tierIn(input), ...readSize(call, input) }), ...pricingAnswer(call) };
}

function calculate(call: Call): unknown {
  const input = inputOf(call);
  return calculation(call, { tier: tierIn(input), ...readSize(call, input) });
}

const tierIn = (input: URLSearchParams) => choiceOf(input, "tier", ["shared", "private"]) ?? "shared";

/** "Agent registry - register and manage AI agent wallets": the page shows no schema. */
function agents({ world }: Call): unknown {
  const all = [...world.x402.agents.values()].map((each) => ({ ...each, registeredAt: iso(each.registeredAt) }));
  return { agents: all, total: all.length };
}

function register(call: Call): unknown {
  const input = inputOf(call);
  const walletAddress = input.get("walletAddress") ?? input.get("wallet");
  if (!isAddress(walletAddress)) throw badRequest(["walletAddress must be an Ethereum address"]);
  const agent = {
    walletAddress,
    name: (input.get("name") ?? "").slice(0, 200),
    registeredAt: call.world.clock.now(),
  };
  call.world.x402.addAgent(agent);
  call.world.touch();
  return created({ ...agent, registeredAt: iso(agent.registeredAt) });
}

/** 402 with the terms; with a proof of payment the proxy. */
function proxy(call: Call): unknown {
  const { world, url } = call;
  const order = readOrder(call);
  const purchase = { purpose: "proxy" as const, key: keyOf(order) };
  return sell(call, {
    amount: priceOf(call, order),
    purchase: { ...purchase, ready: () => requireStock(world, order) },
    resource: `${url}/v1/x402/proxy`,
    description: `${order.tier} proxy in ${order.country.name}: ${order.gigabytes} GB, ${order.seconds} s`,
    deliver: (payment) => purchaseAnswer(call, openSession(world, order, payment), payment),
  });
}

/** One JSON-RPC call of the ledger, or a batch. */
function rpc({ world, body }: Call): unknown {
  if (world.x402.node.down) throw new Problem(503, "The node is down");
  return answerRpc(world.x402.ledger, world.x402.node, body);
}
