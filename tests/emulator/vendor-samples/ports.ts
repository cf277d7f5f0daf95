import { GERMANY } from "../harness";
import { address, DIFFERS, IN_SETTINGS, OF_ITS_DEVICE, OF_THE_CLIENT, PORT } from "./port";
import { below, onPort, rotated, type Sample } from "./sample";
import { epochMs, flag, ipv4, iso, list, objectId, oneOf, text, whole } from "./shape";

export const PORTS: readonly Sample[] = [
  {
    endpoint: "GET /ports",
    scope: "ports:read",
    make: async (here) => {
      await rotated(here);
      return { path: "/ports" };
    },
    answer: list(PORT),
    besides: { M: below("[].", `${OF_THE_CLIENT} ${OF_ITS_DEVICE}`), S: below("[].", IN_SETTINGS) },
    differs: Object.fromEntries(Object.entries(DIFFERS).map(([path, why]) => [`[].${path}`, why])),
  },
  {
    endpoint: "POST /ports",
    scope: "ports:write",
    status: 201,
    make: async () => ({ path: "/ports", body: { countryId: GERMANY, expiresAt: 86_400 } }),
    answer: { _id: objectId, displayName: text, ...address, proxyLogin: text, proxyPassword: text, expiresAt: epochMs },
    besides: {
      S:
        "id name slotType exclusive osFingerprint suspended status healthStatus createdAt rotationToken rotationLink " +
        "rotationSettings usedTraffic trafficSummary device",
      M: OF_THE_CLIENT,
    },
  },
  {
    endpoint: "GET /ports/:id",
    scope: "ports:read",
    make: onPort(""),
    answer: PORT,
    besides: { M: `${OF_THE_CLIENT} ${OF_ITS_DEVICE}`, S: IN_SETTINGS },
    differs: DIFFERS,
  },
  {
    endpoint: "GET /ports/:id/status",
    scope: "ports:read",
    make: onPort("/status"),
    answer: { status: oneOf("online", "offline"), isActive: flag, lastChecked: iso, expiresAt: epochMs },
    besides: { M: "portId isOnline uptime deviceStatus" },
  },
  {
    endpoint: "GET /ports/:id/ping",
    scope: "ports:read",
    make: onPort("/ping"),
    answer: { success: oneOf(true), ip: ipv4, responseTime: whole, testTime: iso },
    besides: { M: "portId" },
  },
  {
    endpoint: "GET /ports/:id/ip",
    scope: "ports:read",
    make: onPort("/ip"),
    answer: { publicIp: ipv4, serverIp: ipv4 },
    besides: { M: "portId ip" },
  },
  {
    endpoint: "GET /ports/:id/os-fingerprints",
    scope: "ports:read",
    make: onPort("/os-fingerprints"),
    answer: list(
      ...Object.entries({
        "": "None (Default)",
        "windows:1": "Windows 10",
        "macosx:4": "macOS / iPhone 13",
        "ios:2": "iOS (Real iPhone)",
        "ios:1": "iOS (p0f Compliant)",
        "android:3": "Android (Real)",
        "android:1": "Android (p0f Compliant)",
        "macosx:3": "macOS X",
      }).map(([value, label]) => ({ value: oneOf(value), label: oneOf(label) })),
    ),
  },
  {
    endpoint: "DELETE /ports/:id",
    scope: "ports:write",
    make: onPort(""),
    answer: { message: oneOf("Port deleted successfully") },
  },
  {
    endpoint: "PUT /ports/:id/reconfigure",
    scope: "ports:write",
    make: onPort("/reconfigure", { countryId: GERMANY }),
  },
  {
    endpoint: "PUT /ports/:id/credentials",
    scope: "ports:write",
    make: onPort("/credentials", { proxyLogin: "new_username", proxyPassword: "new_password" }),
  },
  {
    endpoint: "PATCH /ports/:id/os-fingerprint",
    scope: "ports:write",
    make: onPort("/os-fingerprint", { osFingerprint: "windows:1" }),
  },
];
