import { portId } from "../arguments";
import { type Tool, tool } from "../tool";

/** Whether a port works. */
export const checkTools: readonly Tool[] = [
  tool({
    name: "get_port_status",
    does: "Whether a port is online, by what the vendor saw last.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const status = await api().ports.status(id);
      return { said: `Port ${id} is ${status.isOnline ? "online" : "offline"}.`, data: { portId: id, ...status } };
    },
  }),
  tool({
    name: "get_port_ip",
    does: "The public address that servers see of a port now, and the address that clients connect to.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const ip = await api().ports.ip(id);
      return {
        said: `The public address of port ${id} is ${ip.publicIp ?? "not known"}.`,
        data: { portId: id, ...ip },
      };
    },
  }),
  tool({
    name: "ping_port",
    does: "Sends a test request through a port: whether it works, and how long it takes.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const ping = await api().ports.ping(id);
      const said = ping.success
        ? `Port ${id} answers in ${ping.responseTime ?? "?"} ms from ${ping.ip ?? "an unknown address"}.`
        : `Port ${id} does not answer: ${ping.error ?? "no reason is given"}.`;
      return { said, data: { portId: id, ...ping } };
    },
  }),
  tool({
    name: "speed_test_port",
    does: "Measures a port's download and upload. It uses some of the traffic.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const speed = await api().ports.speedTest(id);
      const { downloadMbps = "?", uploadMbps = "?", latencyMs = "?" } = speed;
      return {
        said: `Port ${id}: ${downloadMbps} Mbit/s down, ${uploadMbps} Mbit/s up, ${latencyMs} ms.`,
        data: { portId: id, ...speed },
      };
    },
  }),
];
