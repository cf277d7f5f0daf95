import { eitherVerb } from "./either-verb";
import { type Method } from "./transport/call";
import { ApiError, isApiError, undefinedIf } from "./transport/errors";
import { type Http } from "./http";
import { path } from "./path";
import { type Port, type PortPage, readNewPort, readPort, readPortIfAny, readPorts } from "./port";
import {
  type OsFingerprint,
  type PingResult,
  type PortIp,
  type PortStatus,
  readIp,
  readOsFingerprints,
  readPing,
  readSpeedTest,
  readStatus,
  type SpeedTest,
} from "./port-checks";
import { allPages, PAGE_SIZE } from "./port-list";

/** An order for a new port. It takes a free slot of its type for as long as the port lives. */
export interface PortOrder {
  countryId: string;
  /** Length of the lease in whole seconds from now; the MCP client allows 60 to 31,536,000. */
  expiresInSeconds: number;
  carrierId?: string;
  cityId?: string;
  regionId?: string;
  /** One of `osFingerprints`; "" means none. */
  osFingerprint?: string;
  /** A private port instead of a shared one. @default false */
  isPrivate?: boolean;
  /** 8 to 128 of [A-Za-z0-9_-]. Documented for another product of the vendor only: do not rely on it. */
  idempotencyKey?: string;
}

/** Which ports to list: those that are all of it. (MCP client only) */
export interface PortFilter {
  /** "active", "suspended", "expired", … */
  status?: string;
  slotType?: "shared" | "private";
  countryId?: string;
  carrierId?: string;
}

/** Where a port shall be. */
export interface PortPlace {
  countryId: string;
  carrierId?: string;
  cityId?: string;
  regionId?: string;
}

/** At least one of the two. */
export interface PortCredentials {
  proxyLogin?: string;
  proxyPassword?: string;
}

/**
 * Ports of the account. Every method takes the vendor's id of a port and rejects with an ApiError; a port that is gone
 * is "not_found" unless said otherwise.
 */
export interface PortsApi {
  /** All ports, every page. Scope ports:read. (vendor page: a bare array; `page` and `limit` from the MCP client) */
  list(filter?: PortFilter): Promise<Port[]>;
  /** One page of it, of 1 to 100 ports; the first is 1. */
  page(page: number, limit?: number, filter?: PortFilter): Promise<Port[]>;
  /** One port with all details; undefined when there is none of that id. Scope ports:read. */
  get(id: string): Promise<Port | undefined>;
  /**
   * Orders a port: takes a slot, so it is never repeated unless the vendor refused it (429) or it never left. On an
   * error with `maybeDone` look at `list()` before ordering again. The answer may be sparse: only `id` is certain.
   * Scope ports:write.
   */
  create(order: PortOrder): Promise<Port>;
  /**
   * Gives a port back; false when it was gone already. Undefined when it is gone and an answer was lost: by this call or
   * before it. Scope ports:write.
   */
  delete(id: string): Promise<boolean | undefined>;
  /**
   * Moves a port; id and lease stay. The port afterwards, or undefined when the answer holds none: read it again.
   * Scope ports:write. (PUT in the MCP client, no verb on the vendor's page; PATCH where PUT is not known)
   */
  reconfigure(id: string, place: PortPlace): Promise<Port | undefined>;
  /** Sets login, password or both. Answer, verbs and scope as with `reconfigure`. */
  setCredentials(id: string, credentials: PortCredentials): Promise<Port | undefined>;
  /** Sets the OS whose TCP fingerprint the traffic shows; "" means none. Answer as with `reconfigure`. Scope ports:write. */
  setOsFingerprint(id: string, value: string): Promise<Port | undefined>;
  /** The fingerprints that this port's server offers. Scope ports:read. */
  osFingerprints(id: string): Promise<OsFingerprint[]>;
  /** Online or not. Scope ports:read. */
  status(id: string): Promise<PortStatus>;
  /** Tests the proxy. Scope ports:read. */
  ping(id: string): Promise<PingResult>;
  /** The public address now. Scope ports:read. */
  ip(id: string): Promise<PortIp>;
  /** Measures the proxy. Scope ports:read. (MCP client only) */
  speedTest(id: string): Promise<SpeedTest>;
}

export function portsApi(http: Http): PortsApi {
  const get: PortsApi["get"] = async (id) =>
    http.get("ports:read", path`/ports/${id}`, readPort).catch(undefinedIf("not_found"));
  const ask = async (page: number, limit: number, { slotType, ...filter }: PortFilter = {}): Promise<PortPage> =>
    http.get("ports:read", path`/ports`, readPorts, { query: { page, limit, type: slotType, ...filter } });
  const exists = async (id: string) => (await get(id)) !== undefined;
  const reconfigure = eitherVerb("put", exists);
  const setCredentials = eitherVerb("put", exists);

  return {
    list: async (filter) => allPages((page) => ask(page, PAGE_SIZE, filter), http.now),
    page: async (page, limit = PAGE_SIZE, filter) => {
      if (!isFrom1(page) || !isFrom1(limit) || limit > PAGE_SIZE) {
        throw refused(`page and limit must be whole numbers from 1, and limit at most ${PAGE_SIZE}`, "GET");
      }
      return (await ask(page, limit, filter)).ports;
    },
    get,
    create: async ({ idempotencyKey, ...order }) =>
      http.post("ports:write", path`/ports`, readNewPort, {
        body: orderBody(order),
        idempotencyKey: checkedKey(idempotencyKey),
      }),
    delete: (id) =>
      http
        .delete("ports:write", path`/ports/${id}`, () => true)
        .catch((error: unknown) => {
          if (!isApiError(error, "not_found")) throw error;
          return error.maybeDone ? undefined : false;
        }),
    reconfigure: (id, place) =>
      reconfigure(id, (verb) =>
        http[verb]("ports:write", path`/ports/${id}/reconfigure`, readPortIfAny, { body: { ...place } }),
      ),
    setCredentials: (id, credentials) =>
      setCredentials(id, (verb) =>
        http[verb]("ports:write", path`/ports/${id}/credentials`, readPortIfAny, { body: { ...credentials } }),
      ),
    setOsFingerprint: async (id, value) =>
      http.patch("ports:write", path`/ports/${id}/os-fingerprint`, readPortIfAny, { body: { osFingerprint: value } }),
    osFingerprints: async (id) => http.get("ports:read", path`/ports/${id}/os-fingerprints`, readOsFingerprints),
    status: async (id) => http.get("ports:read", path`/ports/${id}/status`, readStatus),
    ping: async (id) => http.get("ports:read", path`/ports/${id}/ping`, readPing),
    ip: async (id) => http.get("ports:read", path`/ports/${id}/ip`, readIp),
    speedTest: async (id) => http.get("ports:read", path`/ports/${id}/speed-test`, readSpeedTest),
  };
}

/** `expiresAt` goes out as seconds from now and comes back as epoch ms. `isPrivate` is known from the MCP client only. */
function orderBody({
  expiresInSeconds,
  isPrivate,
  ...order
}: Omit<PortOrder, "idempotencyKey">): Record<string, unknown> {
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds <= 0) {
    throw refused("expiresInSeconds must be a whole number above 0");
  }
  return { ...order, expiresAt: expiresInSeconds, ...(isPrivate ? { isPrivate } : {}) };
}

function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[A-Za-z0-9_-]{8,128}$/.test(key)) return key;
  throw refused("idempotencyKey must be 8 to 128 letters, digits, _ or -");
}

const isFrom1 = (value: number): boolean => Number.isInteger(value) && value >= 1;

function refused(reason: string, method: Method = "POST"): ApiError {
  return new ApiError({ code: "invalid_input", reason, method, route: "/ports" });
}
