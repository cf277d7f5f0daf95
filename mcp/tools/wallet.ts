import { z } from "zod";
import { formatUsdc } from "../../api";
import { checkLeaseArgs, networkFor, type X402LeaseArgs } from "../../provider/x402-lease/args";
import { obtain } from "../../provider/x402-lease/obtain";
import { type Around } from "../around";
import { keyOf } from "../guards/audit";
import { type WalletSession } from "../../provider/run/wallet-session";
import { type Tool, tool } from "../tool";
import { told } from "./sessions";

const input = {
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, "is no ISO code of two letters")
    .describe('ISO code, such as "DE".'),
  duration_hours: z.number().int().min(1).max(720).optional().describe("1 by default."),
  traffic_gb: z.number().min(0.1).max(100).optional().describe("1 by default."),
  tier: z.enum(["shared", "private"]).optional().describe('"shared" by default.'),
  city: z.string().min(1).max(100).optional(),
  carrier: z.string().min(1).max(100).optional(),
  network: z
    .enum(["base", "base-sepolia"])
    .optional()
    .describe('By default "base", which is real money; "base-sepolia" where the API is on the server\'s machine.'),
};

type Rental = z.output<z.ZodObject<typeof input>>;

/** What is bought with the wallet of AGENT_WALLET_KEY, in USDC, without an account. */
export const walletTools: readonly Tool[] = [
  tool({
    name: "x402_get_proxy",
    does:
      "Rents a proxy, paid in USDC by the server's wallet within --max-spend. Never paid twice for one call: what was paid " +
      "and not delivered is claimed first.",
    group: "wallet",
    isDestructive: true,
    input,
    isClaimed: true,
    cost: async (rental, around) => {
      const { duration, trafficGB, tier, ...args } = leaseOf(rental, 1);
      await withWallet(around, (session) => {
        session.wallet();
        checkLeaseArgs({ ...args, duration, trafficGB }, session.settings);
      });
      const { total } = await around.x402.calculate({ tier, trafficGB, durationSeconds: Number(duration) });
      return Number(formatUsdc(total));
    },
    run: (rental, around, { serial, reserved, isAgain }) =>
      withWallet(around, async (session) => {
        const before = { serial, receipts: [], isOurs: false, ...(isAgain && { isExact: isAgain }) };
        const lease = { ...leaseOf(rental, reserved), network: networkFor(rental, session.settings) };
        const got = await obtain(lease, { urn: urnOf(rental) }, before, session);
        const { said, data, secrets } = told(got.found);
        const receipt = got.receipts.at(-1);
        const paid = receipt
          ? `${isAgain ? "An earlier call had rented it" : "Rented"} for ${receipt.amount} USDC. `
          : "";
        return {
          said: `${paid}${said}`,
          data: { ...data, ...(receipt && { receipt }) },
          secrets,
          serial: got.serial,
          ...(receipt && { cost: Number(receipt.amount) }),
          ...(isAgain && { isTakenUp: isAgain }),
        };
      }),
  }),
];

async function withWallet<T>(around: Around, work: (session: WalletSession) => T | Promise<T>): Promise<T> {
  const session = await around.wallet();
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** The most that it may cost is what is reserved for it. */
const leaseOf = ({ duration_hours: hours = 1, traffic_gb: trafficGB = 1, ...place }: Rental, reserved: number) =>
  ({ ...place, duration: hours * 3_600, trafficGB, maxPrice: reserved }) satisfies X402LeaseArgs;

/** By which the wallet knows this order: the same call derives the same payment, on any machine. */
const urnOf = (rental: Rental): string =>
  `urn:pulumi:agents::proxies-sx::proxies-sx:mcp:Rental::${keyOf({ args: rental })}`;
