import { type Port } from "../api";
import { renewalTime } from "../domain/lease";
import { Redactor } from "../text";
import { type PortFacts } from "../dashboard/fleet";
import { secretsOfPort } from "./secrets";

/** What is known of a port besides what the vendor says. */
export interface Holder {
  /** `heldBy` of the port. */
  by: string;
  renewAt?: number;
  /** Of an old port of a renewal: from when on a run releases it. */
  releaseAt?: number;
}

/** For the words of a port: it has secrets of its own. */
export const redactorOf = (port: Port, apiKey?: string): Redactor => new Redactor([apiKey, ...secretsOfPort(port)]);

/** Named one by one: a port has secrets too, and its words are checked against them. */
export function portFacts(port: Port, apiKey: string, holder?: Holder): PortFacts {
  const redactor = redactorOf(port, apiKey);
  const said = (text: string | undefined) => (text === undefined ? undefined : redactor.line(text));
  const { country, carrier, rotationSettings: rotation } = port;
  const facts: PortFacts = {
    id: redactor.line(port.id),
    name: said(port.displayName),
    country: said(country?.code ?? country?.name),
    countryName: said(country?.name),
    carrier: said(carrier?.brand ?? carrier?.name),
    slotType: said(port.slotType),
    status: said(port.status),
    health: said(port.healthStatus),
    createdAt: port.createdAt,
    expiresAt: port.expiresAt,
    ...renewal(port, holder),
    usedGB: port.trafficSummary?.usedGB ?? port.usedTraffic,
    rotation: rotation && {
      enabled: rotation.enabled,
      intervalSeconds: rotation.intervalSeconds,
      count: rotation.rotationCount,
      lastRotatedAt: rotation.lastRotatedAt,
    },
    heldBy: holder?.by,
  };
  return facts;
}

type Times = Pick<PortFacts, "renewAt" | "renewAssumed" | "releaseAt">;

function renewal({ createdAt, expiresAt }: Port, holder?: Holder): Times {
  if (holder?.releaseAt !== undefined) return { releaseAt: holder.releaseAt };
  if (holder?.renewAt !== undefined) return { renewAt: holder.renewAt };
  if (createdAt === undefined || expiresAt === undefined || expiresAt < createdAt) return {};
  const expiresIn = Math.floor((expiresAt - createdAt) / 1_000);
  return { renewAt: renewalTime({ expiresAt }, { expiresIn }), renewAssumed: true };
}
