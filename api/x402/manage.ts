import { z } from "zod";
import { MASK } from "../../text";
import { requiredId, listOf, word, link } from "../fields";
import { type Extras, type Http } from "../http";
import { path, type Path } from "../path";
import { present, type Reader, reader } from "../reading";
import { time } from "../time";
import { exactQuantity, isSessionToken, proxyUrl } from "./fields";
import { type Proof } from "./proof";
import { offered, type Offered, paid, payingBy } from "./paying";
import { type Session, type SessionPort } from "./session";
import { locationSchema, portSchema, readSession, toPort, trafficSchema } from "./session-schema";
import { readToppedUp, readTopupPrice, type ToppedUp, type TopupPrice } from "./topup";

/** More for a session: at least one of the two. */
export interface Addition {
  /** GB, from 0.1; paid for. */
  trafficGB?: number;
  /** From 3600; free, all sources but the vendor's page say. */
  durationSeconds?: number;
}

/** Where a session's port shall be; what is left out is for the vendor to choose. */
export interface ReplacementOrder {
  portId?: string;
  country?: string;
  city?: string;
  carrier?: string;
}

/** The port that a session has now. */
export interface Replacement {
  portId: string;
  http?: string;
  socks5?: string;
  /** Epoch ms. */
  expiresAt?: number;
  rotationUrl?: string;
  allocatedGB?: number;
  usedGB?: number;
  remainingGB?: number;
  location?: Session["location"];
}

/** What is left of a session. */
export interface Credit {
  /** "shared" or "private" */
  tier?: string;
  /** Traffic paid for, in GB. */
  allocatedGB?: number;
  /** Traffic used, in GB. */
  usedGB?: number;
  /** Traffic left, in GB. */
  remainingGB?: number;
  /** Whether it serves. */
  enabled?: boolean;
  /** Epoch ms. */
  expiresAt?: number;
}

/** For the owner of a session. The token goes by header, never in a URL. */
export interface ManageApi {
  session(token: string): Promise<Session>;
  credit(token: string): Promise<Credit>;
  ports(token: string): Promise<SessionPort[]>;
  portStatus(token: string, portId: string): Promise<SessionPort>;
  /** Another device and another port. Free, three times a session; acts once. */
  replacePort(token: string, order?: ReplacementOrder): Promise<Replacement>;
  topupPrice(token: string, addition: Addition): Promise<TopupPrice>;
  /** Without a proof: its terms. It acts once all the same, should the vendor want no payment. */
  askTopup(token: string, addition: Addition): Promise<Offered<ToppedUp>>;
  /** Acts once: after a failure, `maybeDone` says whether it may be paid. */
  topup(token: string, addition: Addition, proof: Proof): Promise<ToppedUp>;
}

export function manageApi(http: Http): ManageApi {
  return {
    session: async (token) => {
      const { extras, at } = by(token, path`/x402/manage/session`);
      return { ...(await http.get("keyless", at, readSession, extras)), token };
    },
    credit: async (token) => {
      const { extras, at } = by(token, path`/x402/manage/session/credit`);
      return http.get("keyless", at, readCredit, extras);
    },
    ports: async (token) => {
      const { extras, at } = by(token, path`/x402/manage/ports`);
      return http.get("keyless", at, readPorts, extras);
    },
    portStatus: async (token, portId) => {
      const { extras, at } = by(token, path`/x402/manage/ports/${portId}/status`);
      return http.get("keyless", at, readPort, extras);
    },
    replacePort: async (token, order = {}) => {
      const { extras, at } = by(token, path`/x402/manage/ports/replace`);
      return http.post("keyless", at, readReplacement, { ...extras, body: { ...order } });
    },
    topupPrice: async (token, addition) => {
      const { extras, at } = by(token, path`/x402/manage/session/topup/calculate`);
      return http.get("keyless", at, readTopupPrice, { ...extras, query: fieldsOf(addition) });
    },
    askTopup: async (token, addition) => {
      const { extras, at } = by(token, path`/x402/manage/session/topup`);
      return http.post("keyless", at, offered(readToppedUp), { ...extras, body: fieldsOf(addition), answers: [402] });
    },
    topup: async (token, addition, proof) => {
      const { extras, at } = by(token, path`/x402/manage/session/topup`);
      const { problem, headers, secrets, ...paying } = payingBy("topup", proof);
      return http.post("keyless", { ...at, problem: at.problem ?? problem }, paid(readToppedUp), {
        ...paying,
        headers: { ...extras.headers, ...headers },
        secrets: [...(extras.secrets ?? []), ...(secrets ?? [])],
        body: fieldsOf(addition),
      });
    },
  };
}

const fieldsOf = ({ trafficGB, durationSeconds }: Addition) =>
  present({ addTrafficGB: trafficGB, addDurationSeconds: durationSeconds });

/** By whom a session is managed: its token, which no message repeats. */
function by(token: string, at: Path): { extras: Partial<Extras>; at: Path } {
  const isOne = isSessionToken(token) && token !== MASK;
  const problem = isOne ? at.problem : "a session's token must be 1 to 512 printable characters without white space";
  return { extras: { headers: { "X-Session-Token": token }, secrets: [token] }, at: { ...at, problem } };
}

const readCredit: Reader<Credit> = reader(
  z.object({
    tier: word,
    allocatedGB: exactQuantity,
    usedGB: exactQuantity,
    remainingGB: exactQuantity,
    enabled: z.boolean().nullish(),
    expiresAt: time,
  }),
  (seen) => present<Credit>(seen),
);

const readPort: Reader<SessionPort> = reader(portSchema, toPort);

/** As `{ports, total}`, or bare. */
const readPorts: Reader<SessionPort[]> = reader(
  z.preprocess(
    (body) => (Array.isArray(body) ? { ports: body as unknown[] } : body),
    z.object({ ports: listOf(portSchema) }),
  ),
  ({ ports }) => ports.map(toPort),
);

const readReplacement: Reader<Replacement> = reader(
  z.object({
    portId: requiredId,
    proxy: z.object({ http: proxyUrl, socks5: proxyUrl, expiresAt: time }),
    rotationUrl: link,
    traffic: trafficSchema.nullish(),
    location: locationSchema.nullish(),
  }),
  ({ portId, proxy, rotationUrl, traffic, location }) =>
    present<Replacement>({
      portId,
      ...proxy,
      rotationUrl,
      allocatedGB: traffic?.allocatedGB ?? traffic?.allowedGB,
      usedGB: traffic?.usedGB,
      remainingGB: traffic?.remainingGB,
      location: location && present(location),
    }),
);
