import { GERMANY, VODAFONE } from "../harness";

interface Body {
  required: Record<string, unknown>;
  optional: Record<string, unknown>;
  /** All values of what takes only some, or the ends of its range. */
  right?: Record<string, unknown[]>;
  /** Values that are of another type than the page's, or outside of what it allows. */
  wrong: Record<string, unknown[]>;
}

const NO_TEXT = [1, true, {}, []];
const NO_FLAG = [0, "true"];

/** What the page says may be sent. Nothing says that a field of credentials or of settings is required. */
export const BODIES: Record<string, Body> = {
  "POST /ports": {
    required: { countryId: GERMANY, expiresAt: 86_400 },
    optional: { carrierId: VODAFONE, osFingerprint: "windows:1" },
    wrong: {
      countryId: [...NO_TEXT, null],
      expiresAt: ["86400", true, null, "2026-01-16T12:00:00Z"],
      carrierId: NO_TEXT,
      osFingerprint: [1, "windows", "macosx:1"],
    },
  },
  "PUT /ports/:id/reconfigure": {
    required: { countryId: GERMANY },
    optional: { carrierId: VODAFONE },
    wrong: { countryId: [...NO_TEXT, null], carrierId: NO_TEXT },
  },
  "PUT /ports/:id/credentials": {
    required: {},
    optional: { proxyLogin: "new_username", proxyPassword: "new_password" },
    wrong: { proxyLogin: NO_TEXT, proxyPassword: NO_TEXT },
  },
  "PATCH /ports/:id/os-fingerprint": {
    required: { osFingerprint: "windows:1" },
    optional: {},
    right: { osFingerprint: ["", "windows:1", "macosx:3", "macosx:4", "ios:1", "ios:2", "android:1", "android:3"] },
    wrong: { osFingerprint: [1, "linux:1", null] },
  },
  "PATCH /ports/:id/rotation-settings": {
    required: {},
    optional: { enabled: true, intervalSeconds: 1_800, matchCarrier: false, matchCity: false },
    right: { intervalSeconds: [300, 86_400] },
    wrong: { enabled: NO_FLAG, intervalSeconds: [299, 86_401, "1800"], matchCarrier: NO_FLAG, matchCity: NO_FLAG },
  },
};
