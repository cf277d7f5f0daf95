import { z } from "zod";
import { type CanRotate } from "../../api";
import { portId } from "../arguments";
import { portOf, rotationUrlOf } from "../ports";
import { type Tool, tool } from "../tool";

/** New public addresses. */
export const rotationTools: readonly Tool[] = [
  tool({
    name: "rotate_port",
    does:
      "Gives a port a new public address now; login and settings stay. A shared port waits 5 minutes between rotations, a " +
      "private one 1 minute. Ports of stacks may be rotated: no program declares an address.",
    group: "rotation",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const can = await api().rotation.canRotate(id);
      if (!can.canRotate) return { ...cannot(id, can), isUndone: true };
      const done = await api().rotation.rotate(id);
      return {
        said: done.success
          ? `Port ${id} is rotated: ${done.oldIp ?? "?"} became ${done.newIp ?? "a new address, in 10 to 30 seconds"}.`
          : `Port ${id} was not rotated: ${done.message ?? "no reason is given"}.`,
        data: { portId: id, ...done },
        ...(!done.success && { isUndone: true }),
      };
    },
  }),
  tool({
    name: "check_rotation_availability",
    does: "Whether a port can be rotated now, else from when on.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const can = await api().rotation.canRotate(id);
      return can.canRotate ? { said: `Port ${id} can be rotated now.`, data: { portId: id, ...can } } : cannot(id, can);
    },
  }),
  tool({
    name: "configure_auto_rotation",
    does: "Turns a port's rotation by itself on or off, and sets how often.",
    group: "rotation",
    isRepeatable: true,
    input: {
      portId,
      enabled: z.boolean(),
      intervalMinutes: z
        .number()
        .min(1)
        .max(1440)
        .optional()
        .describe("From 5 on a shared port, from 1 on a private one."),
      matchCarrier: z.boolean().optional().describe("Only to devices of the same carrier."),
      matchCity: z.boolean().optional().describe("Only to devices of the same city."),
    },
    changes: ({ portId: id }) => id,
    run: async ({ portId: id, intervalMinutes, ...wanted }, { api }) => {
      const seconds = intervalMinutes === undefined ? {} : { intervalSeconds: Math.round(intervalMinutes * 60) };
      const settings = await api().rotation.setSettings(id, { ...wanted, ...seconds });
      const every = settings.intervalSeconds === undefined ? "" : ` every ${settings.intervalSeconds / 60} minutes`;
      return {
        said: `Port ${id} ${settings.enabled ? `rotates by itself${every}` : "does not rotate by itself"}.`,
        data: { portId: id, settings },
      };
    },
  }),
  tool({
    name: "get_rotation_history",
    does: "A port's past rotations: when, by what, from which address to which.",
    group: "read",
    input: { portId, limit: z.number().int().min(1).max(100).optional().describe("10 by default.") },
    run: async ({ portId: id, limit = 10 }, { api }) => {
      const { rotations, total } = await api().rotation.history(id, { limit });
      return {
        said: `Port ${id} was rotated ${total} ${total === 1 ? "time" : "times"}, of which ${rotations.length} are listed.`,
        data: { portId: id, total, rotations },
      };
    },
  }),
  tool({
    name: "get_rotation_token_url",
    does: "The URL by which anybody can rotate a port without a key: as secret as a password.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, around) => {
      const port = await portOf(id, around.api());
      const url = rotationUrlOf(port, around);
      if (url === undefined) return { said: `Port ${id} has no rotation token.`, data: { portId: id } };
      return {
        said: `A GET of this URL rotates port ${id}, without a key.`,
        data: { portId: id, url },
        secrets: [url, port.rotationToken],
      };
    },
  }),
];

const cannot = (id: string, can: CanRotate) => ({
  said:
    `Port ${id} cannot be rotated now: ${can.reason ?? "no reason is given"}` +
    (can.cooldownRemaining === undefined ? "" : ` (again in ${can.cooldownRemaining} s)`),
  data: { portId: id, ...can },
});
