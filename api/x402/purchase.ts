import { z } from "zod";
import { type Http } from "../http";
import { path } from "../path";
import { present, type Reader, reader } from "../reading";
import { LOOK_FIRST } from "../transport/errors";
import { token } from "./fields";
import { type Offered, offered, paid, payingBy, type Settlement, settlementIn } from "./paying";
import { type Proof } from "./proof";
import { type ProxyCredentials, type Session } from "./session";
import { credentialsSchema, paymentSchema, sessionSchema, toSession } from "./session-schema";

/** What to rent. */
export interface ProxyOrder {
  /** ISO 3166-1 alpha-2, such as "DE". */
  country: string;
  /** Seconds, 3600 to 2592000. @default the vendor's: 3600 */
  durationSeconds?: number;
  /** GB, from 0.1. @default the vendor's: 1 */
  trafficGB?: number;
  tier?: "shared" | "private";
  /** Id, name, brand or code. */
  carrier?: string;
  city?: string;
}

/** What was paid for: the session, as far as the answer reports it. */
export interface Bought extends Session {
  settlement?: Settlement;
}

export function proxyApi(http: Http) {
  const query = ({ durationSeconds, trafficGB, ...place }: ProxyOrder) => ({
    ...place,
    duration: durationSeconds,
    traffic: trafficGB,
  });
  return {
    askProxy: async (order: ProxyOrder): Promise<Offered<Bought>> =>
      http.get("keyless", path`/x402/proxy`, offered(readBought), { query: query(order), answers: [402] }),
    buyProxy: async (order: ProxyOrder, proof: Proof): Promise<Bought> => {
      const { problem, ...paying } = payingBy("proxy", proof);
      return http.get("keyless", { ...path`/x402/proxy`, problem }, paid(readBought), {
        query: query(order),
        ...paying,
      });
    },
  };
}

/** The vendor page's `credentials`, the MCP client's `session` and `payment`, and the session's token in each place. */
const boughtSchema = z.object({
  success: z.boolean().nullish(),
  sessionToken: token,
  credentials: credentialsSchema.nullish(),
  session: sessionSchema.nullish(),
  payment: paymentSchema.nullish(),
});

const readBought: Reader<Bought> = reader(boughtSchema, (seen, context) => {
  const { credentials, session, payment } = seen;
  if (seen.success === false) throw context.broken(["success"], "is false").but({ hint: LOOK_FIRST });
  if (!credentials && !session)
    throw context.broken([], "has neither credentials nor a session").but({ hint: LOOK_FIRST });
  const whole = toSession({ ...emptySession, ...session, payment: session?.payment ?? payment });
  const proxy = credentials ? present<ProxyCredentials>(credentials) : whole.proxy;
  return present<Bought>({
    ...whole,
    token: seen.sessionToken ?? whole.token,
    proxy,
    expiresAt: whole.expiresAt ?? proxy?.expiresAt,
    paid: payment?.amountPaid ?? payment?.amountUSDC ?? whole.paid,
    settlement: settlementIn(context),
  });
});
const emptySession = sessionSchema.parse({});
