import { bothShapes, iso } from "../answers/shapes";
import { requirePort } from "../rules/looking";
import { conflict } from "../rules/problem";
import { ipAt } from "../rules/rotation";
import { isUsable, requireUsable } from "../rules/using";
import { type Port } from "../world/types";
import { type Call, route, type Route } from "./route";

export const portCheckRoutes: Route[] = [
  route("GET", "/ports/:id/status", "ports:read", status),
  route("GET", "/ports/:id/ping", "ports:read", ping),
  route("GET", "/ports/:id/ip", "ports:read", ip),
  route("GET", "/ports/:id/speed-test", "ports:read", speedTest),
];

/** A port is offline when it is suspended, over, or in airplane mode. */
function look({ world, account, params }: Call): { port: Port; ip: string; online: boolean; now: number } {
  const port = requirePort(world, account, params["id"] ?? "");
  const now = world.clock.now();
  const ip = ipAt(port, now);
  return { port, ip, online: isUsable(world, port) && port.nextIp === null, now };
}

function status(call: Call): unknown {
  const { port, online, now } = look(call);
  const lastChecked = iso(now);
  return bothShapes(
    call.quirks,
    { status: online ? "online" : "offline", isActive: online, lastChecked, expiresAt: port.expiresAt },
    {
      portId: port.id,
      isOnline: online,
      lastChecked,
      uptime: Math.floor((now - port.createdAt) / 1_000),
      deviceStatus: online ? "online" : "offline",
    },
    call.quirks.statusMcp,
  );
}

function ping(call: Call): unknown {
  const { port, ip, online, now } = look(call);
  const testTime = iso(now);
  const mcp = { portId: port.id };
  if (!online) return bothShapes(call.quirks, { success: false, testTime }, { ...mcp, error: "Port is offline" });
  return bothShapes(call.quirks, { success: true, ip, responseTime: latencyOf(port), testTime }, mcp);
}

function ip(call: Call): unknown {
  const { port, ip: publicIp } = look(call);
  return bothShapes(call.quirks, { publicIp, serverIp: port.serverIp }, { portId: port.id, ip: publicIp });
}

function speedTest(call: Call): unknown {
  const { port, now, online } = look(call);
  const { random } = call.world;
  requireUsable(call.world, port);
  if (!online) throw conflict(`Port ${port.id} is offline`);
  return {
    portId: port.id,
    downloadMbps: random.integer(150, 900) / 10,
    uploadMbps: random.integer(50, 300) / 10,
    latencyMs: latencyOf(port),
    testedAt: iso(now),
  };
}

/** The same for one device each time. */
const latencyOf = (port: Port) => 200 + (port.device.index % 50) * 10;
