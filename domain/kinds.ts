import { FINGERPRINTS } from "./fingerprints";
import { SLOT_TYPES } from "./slot-type";

/** A property of a resource: what its value is, and what the engine and a person need to know of it. */
export interface Property {
  /**
   * "duration": whole seconds, or a text such as "90m", "24h", "30d". "usdc": an amount, a number or a text such as
   * "4.50". "any": a list of whatever a program likes.
   */
  readonly type:
    | "string"
    | "number"
    | "integer"
    | "boolean"
    | "duration"
    | "usdc"
    | "strings"
    | "any"
    | "retiringPorts"
    | "receipts"
    | "found"
    | "sentBetween"
    | "openOrder";
  readonly required?: true;
  readonly default?: string | boolean;
  readonly oneOf?: readonly string[];
  readonly secret?: true;
  /** A change makes a new object. */
  readonly replaces?: true;
  /** Of an input: the resource's class has it as an output too. */
  readonly exposed?: true;
  /** Of an input: a plan names it and does not show its value. */
  readonly masked?: true;
}

/** What a resource type is, for whoever deals with resources. */
export interface Kind {
  /** The export of provider/index.ts that carries it out. Every state names it, so it never changes. */
  readonly handler: string;
  /** What people call it. */
  readonly label: string;
  /** "lease": proxies that a wallet pays for. "purchase": something that is bought from the balance once. "setting": something of a port, which is put back on delete; "action": something that is done to a port once. */
  readonly role: "port" | "lease" | "purchase" | "setting" | "action" | "choice";
  readonly inputs: Readonly<Record<string, Property>>;
  /** Those that are no inputs. */
  readonly outputs: Readonly<Record<string, Property>>;
  /** What the state keeps besides them, for the provider alone. */
  readonly kept?: Readonly<Record<`__${string}`, Property>>;
  /** Names of the outputs that the URLs of its proxy are made of, where it has one: `connectionUrl` makes them. */
  readonly connection?: { readonly host: string; readonly login: string; readonly password: string };
}

const PORT = { type: "string", required: true, replaces: true, exposed: true } as const;
const TEXT = { type: "string" } as const;
const NUMBER = { type: "number" } as const;
const INTEGER = { type: "integer" } as const;
const FLAG = { type: "boolean", exposed: true } as const;
const DURATION = { type: "duration" } as const;
const SLOT_TYPE = { type: "string", oneOf: SLOT_TYPES, default: "shared" } as const;
const FINGERPRINT = { type: "string", oneOf: Object.keys(FINGERPRINTS) } as const;
const USDC = { type: "usdc" } as const;
/** Networks on which a wallet can pay. */
const WALLET_NETWORKS = ["base", "base-sepolia"] as const;
const ANY = { type: "any", exposed: true } as const;
const OF_PORT = { host: "serverIp", login: "proxyLogin", password: "proxyPassword" } as const;

/**
 * All resource types: the one list of what they take, output and keep. The classes of the SDK and the handlers of the
 * provider are checked against it by the compiler; plans, reports and the host read it.
 */
export const KINDS = {
  Port: {
    handler: "port",
    label: "port",
    role: "port",
    inputs: {
      country: { ...TEXT, required: true },
      carrier: TEXT,
      cityId: TEXT,
      regionId: TEXT,
      slotType: { ...SLOT_TYPE, replaces: true, exposed: true },
      expiresIn: { ...DURATION, required: true },
      renewBefore: DURATION,
      overlap: DURATION,
      onExpired: { type: "string", oneOf: ["replace", "keep", "fail"], default: "replace" },
      osFingerprint: FINGERPRINT,
    },
    outputs: {
      portId: TEXT,
      name: TEXT,
      displayName: TEXT,
      serverIp: TEXT,
      httpPort: INTEGER,
      socksPort: INTEGER,
      proxyLogin: TEXT,
      proxyPassword: { ...TEXT, secret: true },
      rotationToken: { ...TEXT, secret: true },
      rotationUrl: { ...TEXT, secret: true },
      status: TEXT,
      expiresAt: TEXT,
      renewAt: TEXT,
      createdAt: TEXT,
      countryCode: TEXT,
      carrierBrand: TEXT,
      retiring: { type: "retiringPorts" },
    },
    kept: { __stack: TEXT, __account: TEXT, __brokeOff: { type: "sentBetween" } },
    connection: OF_PORT,
  },
  RotationSettings: {
    handler: "rotationSettings",
    label: "rotation settings",
    role: "setting",
    inputs: {
      port: PORT,
      enabled: { ...FLAG, default: true },
      intervalSeconds: { ...INTEGER, required: true, exposed: true },
      matchCarrier: FLAG,
      matchCity: FLAG,
      excludedDeviceIds: { type: "strings", exposed: true },
    },
    outputs: {},
    kept: { __portId: TEXT, __account: TEXT, __found: { type: "found" } },
  },
  Credentials: {
    handler: "credentials",
    label: "login",
    role: "setting",
    inputs: {
      port: PORT,
      proxyLogin: { ...TEXT, required: true, exposed: true, masked: true },
      proxyPassword: { ...TEXT, required: true, exposed: true, secret: true },
    },
    outputs: { serverIp: TEXT, httpPort: INTEGER, socksPort: INTEGER },
    kept: { __portId: TEXT, __account: TEXT, __found: { type: "found", secret: true } },
    connection: OF_PORT,
  },
  OsFingerprint: {
    handler: "osFingerprint",
    label: "OS fingerprint",
    role: "setting",
    inputs: { port: PORT, osFingerprint: { ...FINGERPRINT, required: true, exposed: true } },
    outputs: { label: TEXT },
    kept: { __portId: TEXT, __account: TEXT, __found: { type: "found" } },
  },
  Rotation: {
    handler: "rotation",
    label: "rotation",
    role: "action",
    inputs: { port: PORT, triggers: ANY },
    outputs: { lastRotatedAt: TEXT, rotationCount: INTEGER, newIp: TEXT },
  },
  CountryChoice: {
    handler: "countryChoice",
    label: "choice of a country",
    role: "choice",
    inputs: {
      by: { type: "string", oneOf: ["stock", "price"], required: true, exposed: true },
      countries: { type: "strings", exposed: true },
      slotType: { ...SLOT_TYPE, exposed: true },
      withCarrier: { ...FLAG, default: false },
      triggers: ANY,
      // Check adds what was chosen.
      country: { ...TEXT, exposed: true },
      carrier: { ...TEXT, exposed: true },
    },
    outputs: {},
  },
  TrafficPurchase: {
    handler: "trafficPurchase",
    label: "purchase of traffic",
    role: "purchase",
    inputs: {
      slotType: { ...SLOT_TYPE, replaces: true, exposed: true },
      amountGB: { ...NUMBER, required: true, exposed: true },
      maxPrice: { ...NUMBER, required: true },
      triggers: ANY,
    },
    outputs: {
      boughtGB: NUMBER,
      pricePaid: NUMBER,
      pricePerGB: NUMBER,
      purchaseId: TEXT,
      purchasedAt: TEXT,
    },
    kept: { __countedGB: NUMBER, __purchases: { type: "strings" }, __open: { type: "openOrder" }, __boughtAs: TEXT },
  },
  X402Lease: {
    handler: "x402Lease",
    label: "x402 lease",
    role: "lease",
    inputs: {
      country: { ...TEXT, required: true },
      carrier: TEXT,
      city: TEXT,
      tier: { ...SLOT_TYPE, replaces: true, exposed: true },
      trafficGB: { ...NUMBER, required: true },
      duration: { ...DURATION, required: true },
      maxPrice: { ...USDC, required: true },
      maxTotal: USDC,
      network: { type: "string", oneOf: WALLET_NETWORKS, replaces: true, exposed: true },
      proof: { type: "string", oneOf: ["authorization", "transfer"], default: "authorization" },
      renewBefore: DURATION,
      onExpired: { type: "string", oneOf: ["replace", "keep", "fail"], default: "replace" },
    },
    outputs: {
      sessionId: TEXT,
      sessionToken: { ...TEXT, secret: true },
      wallet: TEXT,
      host: TEXT,
      httpPort: INTEGER,
      socksPort: INTEGER,
      username: TEXT,
      password: { ...TEXT, secret: true },
      rotationUrl: { ...TEXT, secret: true },
      status: TEXT,
      expiresAt: TEXT,
      renewAt: TEXT,
      createdAt: TEXT,
      countryCode: TEXT,
      trafficAllocatedGB: NUMBER,
      receipts: { type: "receipts" },
    },
    kept: { __serial: INTEGER, __boughtAs: TEXT },
    connection: { host: "host", login: "username", password: "password" },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
type KindOf<K extends KindName> = (typeof KINDS)[K];

export type InputName<K extends KindName> = keyof KindOf<K>["inputs"] & string;
/** Those that are no inputs. */
export type OutputName<K extends KindName> = keyof KindOf<K>["outputs"] & string;
type ExposedInput<K extends KindName> = {
  [P in InputName<K>]: KindOf<K>["inputs"][P] extends { exposed: true } ? P : never;
}[InputName<K>];
/** What the class of the SDK has: outputs, and inputs that it shows too. */
export type ExposedName<K extends KindName> = OutputName<K> | ExposedInput<K>;

/** Whether two sets of names are one, for the compiler. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Settings of a port: what they set is put back when they go. */
export type SettingKind = { [K in KindName]: KindOf<K>["role"] extends "setting" ? K : never }[KindName];

/** How types begin, by the host that carries them out: the engine chooses it by the first part. */
const PREFIXES = { dynamic: "pulumi-nodejs:dynamic/proxies-sx:", plugin: "proxies-sx:index:" } as const;

export type Host = keyof typeof PREFIXES;

/** The type under which the engine knows a kind of resource. */
export const typeOf = (kind: KindName, host: Host = "dynamic"): string => `${PREFIXES[host]}${kind}`;

/** What each host's provider is in a state. */
export const PROVIDER_TYPES: Readonly<Record<Host, string>> = {
  dynamic: "pulumi:providers:pulumi-nodejs",
  plugin: "pulumi:providers:proxies-sx",
};

/** Whether an engine's type is that of an account, under either host. */
export const isAccount = (type: string | undefined): boolean =>
  Object.values(PROVIDER_TYPES).some((one) => one === type);

export const PORT_TYPE = typeOf("Port");

/** The kind of an engine's type, whichever host carries it out, with or without the types of its parents. */
export function kindOfType(type: string): KindName | undefined {
  const own = type.slice(type.lastIndexOf("$") + 1);
  const prefix = Object.values(PREFIXES).find((one) => own.startsWith(one));
  const name = prefix === undefined ? "" : own.slice(prefix.length);
  return Object.hasOwn(KINDS, name) ? (name as KindName) : undefined;
}

export const isKind = (kind: KindName, type: string): boolean => kindOfType(type) === kind;

export const isSetting = (kind: KindName | undefined): kind is SettingKind =>
  kind !== undefined && KINDS[kind].role === "setting";

export const inputNames = <K extends KindName>(kind: K): readonly InputName<K>[] =>
  Object.keys(KINDS[kind].inputs) as InputName<K>[];

/** Those that are no inputs. */
export const outputNames = (kind: KindName): readonly string[] => Object.keys(KINDS[kind].outputs);

/** Names of properties that the class of the SDK has. */
export function exposedNames(kind: KindName): readonly string[] {
  const { inputs, outputs }: Kind = KINDS[kind];
  const shown = Object.keys(inputs).filter((name) => inputs[name]?.exposed);
  return [...Object.keys(outputs), ...shown];
}

/** Names of inputs, outputs and what the state keeps whose values no message may show, and no state may have in plain. */
export function secretNames(kind: KindName): readonly string[] {
  const { inputs, outputs, kept = {} }: Kind = KINDS[kind];
  const all: Readonly<Record<string, Property>> = { ...inputs, ...outputs, ...kept };
  return Object.keys(all).filter((name) => all[name]?.secret);
}

/** Inputs of a setting that a plan may show, without its port. */
export function shownInputs(kind: KindName): readonly string[] {
  const { inputs }: Kind = KINDS[kind];
  return Object.keys(inputs).filter((name) => name !== "port" && !inputs[name]?.secret && !inputs[name]?.masked);
}
