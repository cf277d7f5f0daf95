import { z } from "zod";
import { address, fingerprint, listOf, quantity, text, word } from "./fields";
import { present, reader, record } from "./reading";
import { time } from "./time";

/** Is the port reachable? */
export interface PortStatus {
  /** Whether it can be reached. */
  isOnline: boolean;
  /** "online" or "offline" (vendor page); other values pass. */
  status?: string;
  /** Whether it serves. */
  isActive?: boolean;
  /** Epoch ms. */
  lastChecked?: number;
  /** End of the lease, epoch ms. */
  expiresAt?: number;
  /** As the vendor writes it; unit not documented (MCP client). */
  uptime?: number | string;
  /** MCP client. */
  deviceStatus?: string;
}

/** One test through the proxy. A failed one is an answer too: `success` false with `error`. */
export interface PingResult {
  /** Whether it answered. */
  success: boolean;
  /** The public address seen. */
  ip?: string;
  /** Milliseconds. */
  responseTime?: number;
  /** Epoch ms. */
  testTime?: number;
  /** Why it did not. */
  error?: string;
}

export interface PortIp {
  /** The address that the world sees now. */
  publicIp?: string;
  /** The address to connect to. */
  serverIp?: string;
}

/** (MCP client only; the vendor's page lists no such endpoint) */
export interface SpeedTest {
  /** Megabits per second. */
  downloadMbps?: number;
  /** Megabits per second. */
  uploadMbps?: number;
  /** Milliseconds. */
  latencyMs?: number;
  /** Epoch ms. */
  testedAt?: number;
}

/** One value that `setOsFingerprint` takes. */
export interface OsFingerprint {
  /** "" means none. */
  value: string;
  /** Name, e.g. "Windows 10". */
  label: string;
}

/** Some names are the MCP client's: isOnline for status, latencyMs for responseTime, ip for publicIp. */
export const readStatus = reader(
  z
    .object({
      status: word,
      isOnline: z.boolean().nullish(),
      isActive: z.boolean().nullish(),
      lastChecked: time,
      expiresAt: time,
      uptime: z.union([quantity, text]),
      deviceStatus: word,
    })
    .refine((wire) => typeof wire.isOnline === "boolean" || typeof wire.status === "string", {
      path: ["status"],
      message: "is missing",
    }),
  (wire, context) => {
    context.known("status", wire.status ?? undefined, ["online", "offline"]);
    return present<PortStatus>({ ...wire, isOnline: wire.isOnline ?? wire.status === "online" });
  },
);

export const readPing = reader(
  z.object({
    success: z.boolean(),
    ip: address,
    responseTime: quantity,
    latencyMs: quantity,
    testTime: time,
    error: text,
  }),
  ({ latencyMs, ...wire }) => present<PingResult>({ ...wire, responseTime: wire.responseTime ?? latencyMs }),
);

export const readIp = reader(z.object({ publicIp: address, ip: address, serverIp: address }), (wire) =>
  present<PortIp>({ publicIp: wire.publicIp ?? wire.ip, serverIp: wire.serverIp }),
);

export const readSpeedTest = record<SpeedTest>({
  downloadMbps: quantity,
  uploadMbps: quantity,
  latencyMs: quantity,
  testedAt: time,
});

export const readOsFingerprints = reader(
  listOf(z.object({ value: fingerprint.nullable(), label: text })),
  (wire): OsFingerprint[] => wire.map(({ value, label }) => ({ value: value ?? "", label: label ?? value ?? "" })),
);
