import { epochMs, flag, ipv4, iso, like, number, objectId, oneOf, text, whole } from "./shape";

export const place = { name: text, code: like(/^[A-Z]{2}$/) };
export const address = { serverIp: ipv4, httpPort: whole, socksPort: whole };

export const rotationSettings = {
  enabled: flag,
  intervalMinutes: number,
  intervalSeconds: whole,
  lastRotatedAt: iso,
  rotationCount: whole,
};

/** `healthStatus` and `trafficSummary` are in the page's list of fields, not in its sample. */
export const PORT = {
  _id: objectId,
  id: objectId,
  name: like(/^psx_[0-9a-f]{6}_[0-9a-z]{6}$/),
  displayName: like(/^Proxy #\d+$/),
  ...address,
  proxyLogin: like(/^user_[0-9a-z]{12}$/),
  proxyPassword: like(/^[0-9A-Za-z]{10}$/),
  slotType: oneOf("shared", "private"),
  exclusive: flag,
  osFingerprint: text,
  suspended: flag,
  status: oneOf("active", "suspended", "expired"),
  healthStatus: oneOf("healthy", "degraded", "offline"),
  expiresAt: epochMs,
  createdAt: epochMs,
  rotationToken: like(/^[0-9a-f]{32}$/),
  rotationLink: like(/\/rotate\/[0-9a-f]{32}$/),
  rotationSettings,
  usedTraffic: number,
  trafficSummary: { usedMB: number, usedGB: number },
  device: { _id: objectId, name: text, country: place, carrier: { name: text, brand: text }, region: { name: text } },
};

/** What only the vendor's client knows of a port. */
export const OF_THE_CLIENT =
  "customerId deviceId originalPortName countryId countryName carrierId carrierName cityId cityName regionId " +
  "regionName syncStatus isExpired rotationTokenExpiresAt updatedAt";
export const OF_ITS_DEVICE = "device.imei device.city device.countryId device.carrierId device.regionId device.cityId";

/** The page shows them only where it shows the answer to a change of settings. */
export const IN_SETTINGS =
  "rotationSettings.matchCarrier rotationSettings.matchCity rotationSettings.excludedDeviceIds";

export const DIFFERS = Object.fromEntries(
  ["country", "carrier", "region"].map((part) => [`device.${part}._id`, "what a change of place is asked for by"]),
);
