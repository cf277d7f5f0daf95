import { OF_THE_CLIENT, PORT, rotationSettings } from "./port";
import { below, onPort, type Sample } from "./sample";
import { empty, flag, ipv4, iso, like, list, objectId, oneOf, text, whole } from "./shape";

/** The client expects the port. */
const THE_PORT = `${Object.keys(PORT).join(" ")} ${OF_THE_CLIENT}`;

export const ROTATION: readonly Sample[] = [
  {
    endpoint: "POST /ports/:id/rotate",
    of: "a shared port",
    scope: "ports:rotate",
    make: async (here) => ({ path: `/ports/${(await here.buy())._id}/rotate` }),
    answer: {
      success: oneOf(true),
      portId: objectId,
      oldDeviceId: objectId,
      newDeviceId: objectId,
      oldIp: ipv4,
      newIp: ipv4,
      rotationDurationMs: whole,
      rotationCount: whole,
      message: oneOf("Port rotated successfully"),
    },
    besides: { M: THE_PORT },
  },
  {
    endpoint: "POST /ports/:id/rotate",
    of: "a private port",
    scope: "ports:rotate",
    make: async (here) => ({ path: `/ports/${(await here.buy({ isPrivate: true }))._id}/rotate` }),
    answer: {
      success: oneOf(true),
      portId: objectId,
      oldIp: ipv4,
      rotationDurationMs: whole,
      message: oneOf("IP reset triggered via airplane mode. New IP will be available in 10-30 seconds."),
      isAirplaneMode: oneOf(true),
    },
    besides: { M: THE_PORT },
  },
  {
    endpoint: "GET /ports/:id/can-rotate",
    of: "a port that can",
    scope: "ports:read",
    make: async (here) => ({ path: `/ports/${(await here.buy())._id}/can-rotate` }),
    answer: { canRotate: oneOf(true), availableDevices: whole },
  },
  {
    endpoint: "GET /ports/:id/can-rotate",
    of: "a port that was rotated just now",
    scope: "ports:read",
    make: onPort("/can-rotate"),
    answer: {
      canRotate: oneOf(false),
      reason: like(/^Rate limited\. Must wait \d+ seconds before next rotation\.$/),
      nextRotationAt: iso,
      cooldownRemaining: whole,
    },
    besides: { M: "cooldownEndsAt nextAvailableRotation" },
  },
  {
    endpoint: "PATCH /ports/:id/rotation-settings",
    scope: "ports:write",
    make: onPort("/rotation-settings", {
      enabled: true,
      intervalSeconds: 1_800,
      matchCarrier: false,
      matchCity: false,
    }),
    answer: {
      ...rotationSettings,
      matchCarrier: flag,
      matchCity: flag,
      excludedDeviceIds: empty,
      _id: objectId,
      id: objectId,
    },
    besides: { M: "rotationSettings" },
  },
  {
    endpoint: "GET /ports/:id/rotation-history",
    scope: "ports:read",
    make: onPort("/rotation-history"),
    answer: {
      rotations: list({
        _id: objectId,
        portId: objectId,
        fromDeviceId: objectId,
        toDeviceId: objectId,
        fromIp: ipv4,
        toIp: ipv4,
        triggerType: oneOf("manual", "automatic", "api_token"),
        success: flag,
        rotationDurationMs: whole,
        country: text,
        carrier: text,
        createdAt: iso,
      }),
      total: whole,
    },
    besides: {
      M: `data ${below("rotations[].", "trigger rotatedAt previousDeviceId newDeviceId previousDeviceName newDeviceName")}`,
    },
  },
  {
    endpoint: "GET /rotate/:token",
    scope: "public",
    make: async (here) => ({ path: `/rotate/${(await here.buy()).rotationToken}` }),
  },
];
