import { z } from "zod";
import { address, count, informingId, listOf, quantity, text, word } from "./fields";
import { type ResponseContext, present, type Reader, reader } from "./reading";
import { time } from "./time";

/** One past rotation. */
export interface RotationRecord {
  /** The vendor's id. */
  id?: string;
  /** The modem before. */
  fromDeviceId?: string;
  /** The modem afterwards. */
  toDeviceId?: string;
  /** (MCP client) */
  fromDeviceName?: string;
  /** (MCP client) */
  toDeviceName?: string;
  /** The public address before. */
  fromIp?: string;
  /** The public address afterwards. */
  toIp?: string;
  /** "manual", "automatic" or "api_token" (vendor page); other values pass. */
  triggerType?: string;
  /** Whether it worked. */
  success?: boolean;
  /** Why it failed. (MCP client) */
  error?: string;
  /** How long it took, in milliseconds. */
  rotationDurationMs?: number;
  /** Name. */
  country?: string;
  /** Name or brand. */
  carrier?: string;
  /** When it was, epoch ms. */
  createdAt?: number;
}

/** A page of history. */
export interface RotationHistory {
  rotations: RotationRecord[];
  /** Rotations in total, not on this page; the page's length where the answer does not say. */
  total: number;
}

const TRIGGERS = ["manual", "automatic", "api_token"];

/** Names of both sources: the vendor page's first, then the MCP client's. */
const recordSchema = z.object({
  _id: informingId,
  id: informingId,
  fromDeviceId: informingId,
  toDeviceId: informingId,
  previousDeviceId: informingId,
  newDeviceId: informingId,
  previousDeviceName: text,
  newDeviceName: text,
  fromIp: address,
  toIp: address,
  triggerType: word,
  trigger: word,
  success: z.boolean().nullish(),
  errorMessage: text,
  rotationDurationMs: quantity,
  country: text,
  carrier: text,
  createdAt: time,
  rotatedAt: time,
});

const records = listOf(recordSchema);
const total = count;

const asArray = reader(records, (wire, context) => history(wire, undefined, context));
const asRotations = reader(z.object({ rotations: records, total }), (wire, context) =>
  history(wire.rotations, wire.total, context),
);
const asData = reader(z.object({ data: records, total }), (wire, context) => history(wire.data, wire.total, context));

/** `{rotations, total}` on the vendor's page; the MCP client reads an array or `{data, total}`. */
export const readHistory: Reader<RotationHistory> = (body, context) => {
  if (Array.isArray(body)) return asArray(body, context);
  const paged = typeof body === "object" && body !== null && !("rotations" in body) && "data" in body;
  return paged ? asData(body, context) : asRotations(body, context);
};

function history(
  wire: z.output<typeof records>,
  all: number | null | undefined,
  context: ResponseContext,
): RotationHistory {
  return { rotations: wire.map((record) => asRecord(record, context)), total: all ?? wire.length };
}

function asRecord(wire: z.output<typeof recordSchema>, context: ResponseContext): RotationRecord {
  return present<RotationRecord>({
    id: wire._id ?? wire.id,
    fromDeviceId: wire.fromDeviceId ?? wire.previousDeviceId,
    toDeviceId: wire.toDeviceId ?? wire.newDeviceId,
    fromDeviceName: wire.previousDeviceName,
    toDeviceName: wire.newDeviceName,
    fromIp: wire.fromIp,
    toIp: wire.toIp,
    triggerType: context.known("triggerType", wire.triggerType ?? wire.trigger ?? undefined, TRIGGERS),
    success: wire.success,
    error: wire.errorMessage,
    rotationDurationMs: wire.rotationDurationMs,
    country: wire.country,
    carrier: wire.carrier,
    createdAt: wire.createdAt ?? wire.rotatedAt,
  });
}
