import { knownSlotType, type SlotType, slotTypeOf } from "../../domain/slot-type";
import { type Port } from "../../api";
import { type OfAccount } from "../run/own-account";
import { type BrokenOff } from "../purchase/killed-elsewhere";
import { isoTime, renewalTime, type RetiringPort, timeOf, toldTime } from "../../domain/lease";
import { givenInputs } from "../input-values";
import { PORT_INPUTS, type PortArgs } from "./args";

/** Outputs of a Port: its inputs as given, and what the vendor reports. Facts that change by themselves stay out. */
export interface PortState extends PortArgs, BrokenOff, OfAccount {
  slotType: SlotType;
  portId: string;
  name?: string;
  displayName?: string;
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  proxyLogin?: string;
  proxyPassword?: string;
  rotationToken?: string;
  rotationUrl?: string;
  /** Missing where the port was bought and not read yet. */
  status?: string;
  expiresAt?: string;
  renewAt?: string;
  createdAt?: string;
  countryCode?: string;
  carrierBrand?: string;
  /** Ports of before a renewal that still serve. A later run releases them. */
  retiring?: RetiringPort[];
}

/** The only place that knows both shapes. What an answer does not report stays as it was in `old`. */
export function toState(port: Port, args: Partial<PortArgs>, apiUrl: string, old: Partial<PortState> = {}): PortState {
  const expiresAt = toldTime(port.expiresAt, timeOf(old.expiresAt));
  const createdAt = toldTime(port.createdAt, timeOf(old.createdAt));
  const token = port.rotationToken ?? old.rotationToken;
  return {
    ...(givenInputs(args, PORT_INPUTS) as PortArgs),
    // A port's slot type never changes. What was ordered counts, should an answer have another.
    slotType: old.slotType ?? knownSlotType(port.slotType) ?? slotTypeOf(args),
    portId: port.id,
    // A rotation changes the name (source: the vendor's MCP client), so the first one stays.
    name: old.name ?? port.name,
    displayName: port.displayName ?? old.displayName,
    serverIp: port.serverIp ?? old.serverIp,
    httpPort: port.httpPort ?? old.httpPort,
    socksPort: port.socksPort ?? old.socksPort,
    ...loginOf(port, old),
    rotationToken: token,
    rotationUrl:
      port.rotationLink ?? linkOf(token, old) ?? (token === undefined ? undefined : `${apiUrl}/rotate/${token}`),
    status: port.status ?? old.status,
    expiresAt: isoTime(expiresAt),
    renewAt: args.expiresIn === undefined ? undefined : isoTime(renewalTime({ createdAt, expiresAt }, args)),
    createdAt: isoTime(createdAt),
    countryCode: port.country?.code ?? old.countryCode,
    carrierBrand: old.carrierBrand ?? port.carrier?.brand,
    ...(old.retiring?.length && { retiring: old.retiring }),
    ...(old.__account && { __account: old.__account }),
    ...(old.__stack && { __stack: old.__stack }),
    ...(old.__brokeOff && { __brokeOff: old.__brokeOff }),
  };
}

/** The link of before, unless it is that of another token: it rotates nothing any more. */
const linkOf = (token: string | undefined, { rotationToken = token, rotationUrl }: Partial<PortState>) =>
  token === rotationToken ? rotationUrl : undefined;

/**
 * The login that a port has of its own. Another login is the work of a Credentials resource, whose own outputs have
 * it: taking it over here would show a change at the first refresh, and lose what to put back.
 */
function loginOf(port: Port, old: Partial<PortState>): { proxyLogin?: string; proxyPassword?: string } {
  const own = old.proxyLogin === undefined || port.proxyLogin === undefined || port.proxyLogin === old.proxyLogin;
  return {
    proxyLogin: old.proxyLogin ?? port.proxyLogin,
    proxyPassword: own ? (port.proxyPassword ?? old.proxyPassword) : old.proxyPassword,
  };
}

/** A port that was read counts as finished, whatever the answer left out. */
export const finished = (state: PortState): PortState => ({ ...state, status: state.status ?? "active" });
