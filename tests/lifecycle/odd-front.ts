import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type World } from "./life";

export type Json = Record<string, unknown>;

/** Which answer a twist is for: of a purchase, of another write, of a read, and of what is no port. */
type Kind = "create" | "write" | "read" | "other";
type PerKind<T> = Record<Exclude<Kind, "other">, T>;
export type TimeForm = "ms" | "seconds" | "iso" | "text";

/** How answers differ from those of the emulator, beside its quirks. */
export interface Twist {
  /** Fields that an answer lacks, at any depth. */
  lacks: PerKind<string[]> & { other: string[] };
  /** They are null instead. */
  asNull: boolean;
  times: PerKind<TimeForm>;
  /** Fields that no source knows, everywhere. */
  extra: boolean;
  /** Words that no source knows. */
  words: boolean;
  /** Which of its two names the id of a port has. */
  idName: "both" | "_id" | "id";
}

export const PLAIN: Twist = {
  lacks: { create: [], write: [], read: [], other: [] },
  asNull: false,
  times: { create: "ms", write: "ms", read: "ms" },
  extra: false,
  words: false,
  idName: "both",
};

/** Every field of a port's answer but its id, which alone is certain. */
export const PORT_FIELDS = [
  ...["name", "displayName", "httpPort", "socksPort", "serverIp", "proxyLogin", "proxyPassword", "slotType", "status"],
  ...["exclusive", "osFingerprint", "suspended", "healthStatus", "expiresAt", "createdAt", "updatedAt", "usedTraffic"],
  ...["rotationToken", "rotationLink", "rotationSettings", "trafficSummary", "device", "customerId", "isExpired"],
  ...["country", "carrier", "region", "city", "code", "brand", "countryId", "carrierId", "countryName", "carrierName"],
  ...["enabled", "intervalSeconds", "intervalMinutes", "lastRotatedAt", "rotationCount", "matchCarrier", "matchCity"],
  ...["excludedDeviceIds", "oldIp", "newIp", "success", "message", "cooldownRemaining", "reason", "availableDevices"],
  ...["nextRotationAt", "cooldownEndsAt", "nextAvailableRotation"],
];
export const OTHER_FIELDS = [
  ...["iso3", "phoneCode", "freeDeviceCount", "mcc", "mnc", "technology"],
  ...["balance", "currency", "alerts", "slots", "trafficGB", "daysRemaining"],
];
const TIMES = ["expiresAt", "createdAt", "updatedAt", "lastRotatedAt", "rotationTokenExpiresAt"];
TIMES.push("nextRotationAt", "cooldownEndsAt", "nextAvailableRotation");
const WORDS: Record<string, string> = { status: "hibernating", healthStatus: "unwell", slotType: "dedicated" };

const inForm: Record<TimeForm, (ms: number) => unknown> = {
  ms: (ms) => ms,
  seconds: (ms) => Math.floor(ms / 1_000),
  iso: (ms) => new Date(ms).toISOString(),
  text: String,
};

function twisted(value: unknown, kind: Kind, twist: Twist): unknown {
  if (Array.isArray(value)) return value.map((each) => twisted(each, kind, twist));
  if (typeof value !== "object" || value === null) return value;
  const told: Json = {};
  const { idName } = twist;
  for (const [name, of] of Object.entries(value)) {
    const isOtherId = kind !== "other" && "_id" in value && "id" in value && idName !== "both" && idName !== name;
    if (isOtherId && (name === "_id" || name === "id")) continue;
    if (twist.lacks[kind].includes(name)) {
      // No fingerprint at all is written as null, so that is no missing field.
      if (twist.asNull && name !== "osFingerprint") told[name] = null;
    } else if (kind !== "other" && TIMES.includes(name) && of !== null) {
      told[name] = inForm[twist.times[kind]](new Date(of as string | number).getTime());
    } else if (kind !== "other" && twist.words && name in WORDS && of !== "deleted") told[name] = WORDS[name];
    else told[name] = twisted(of, kind, twist);
  }
  return twist.extra ? { ...told, __v: 3, somethingNew: { of: ["the", "vendor", null] } } : told;
}

function kindOf(method: string, path: string): Kind {
  if (!path.startsWith("/v1/ports")) return "other";
  return method === "GET" ? "read" : method === "POST" && path === "/v1/ports" ? "create" : "write";
}

export interface Spoilt {
  call: RegExp;
  by: (body: never) => unknown;
}

/** Stands before the emulator and changes its answers. */
export class Front {
  twist: Twist = PLAIN;
  /** Purchases whose answer is lost, yet to come. */
  toLose = 0;
  /** What makes the answers to a call, such as "PUT /v1/ports/*", broken. */
  spoilt?: Spoilt;
  private readonly server: Server;
  /** What links in the emulator's answers begin with. */
  private readonly behind: string;

  constructor(private readonly world: World) {
    this.behind = world.emulator.url;
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => void this.pass(request.method ?? "", request.url ?? "", parts, request, response));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port: listening } = this.server.address() as AddressInfo;
    Object.defineProperty(this.world.emulator, "url", { value: `http://127.0.0.1:${listening}` });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.world.close();
  }

  private async pass(
    method: string,
    url: string,
    parts: Buffer[],
    { headers }: { headers: NodeJS.Dict<string | string[]> },
    response: ServerResponse,
  ): Promise<void> {
    const asked = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
    const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const answer = await this.world.emulator.app.request(url, { method, headers: sent, ...asked });
    const kind = kindOf(method, url.split("?")[0] ?? "");
    if (kind === "create" && answer.ok && this.toLose > 0) {
      this.toLose -= 1;
      return void response.destroy();
    }
    const text = (await answer.text()).replaceAll(this.behind, this.world.emulator.url);
    const body = answer.ok && text ? twisted(JSON.parse(text), kind, this.twist) : undefined;
    const told = body === undefined ? text : JSON.stringify(this.spoil(`${method} ${url}`, body));
    answer.headers.delete("Content-Length");
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(told);
  }

  private spoil(call: string, body: unknown): unknown {
    return this.spoilt?.call.test(call) ? this.spoilt.by(body as never) : body;
  }
}
