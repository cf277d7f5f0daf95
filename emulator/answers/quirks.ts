import { quoted } from "../world/validate";
import { X402_QUIRKS } from "../x402/quirks";
import { choice, off, type Quirk } from "./quirk";

const verb = (route: string, source: string) =>
  choice(["both", "PUT", "PATCH"] as const, source, `${route} knows only this verb; the other is 404`);

/** Every documented way to answer otherwise. The first choice, or false, is the default. */
export const QUIRKS = {
  pageOnly: off("S", "answers hold only the fields of the vendor's page, where they hold those of both sources"),
  sparseCreate: off("S", "POST /ports answers the eight fields of the page's sample"),
  createWrapped: off("M1", "POST /ports answers {port, message}"),
  listPaged: off("M", "GET /ports answers {data, total, page, limit, totalPages}"),
  historyData: off("M", "rotation-history answers {data, total}"),
  historyArray: off("M", "rotation-history answers a bare array"),
  statusMcp: off("M", "GET /ports/:id/status answers {portId, isOnline, lastChecked, uptime, deviceStatus}"),
  statusUnknown: off("I", "ports have a status that no source knows: maintenance"),
  canRotateMcp: off("M", "can-rotate answers reason, cooldownEndsAt and nextAvailableRotation"),
  rotateReturnsPort: off("M", "POST /ports/:id/rotate answers the port alone"),
  settingsAnswerPort: off("M", "rotation-settings answers the port that holds them"),
  noRotationMatchFields: off("S", "rotationSettings of a port lack matchCarrier, matchCity and excludedDeviceIds"),
  noPassword: off("I", "GET and list leave proxyPassword out; only create and credentials answer it"),
  nullFingerprint: off("M", "a port without a fingerprint has osFingerprint null, not an empty string"),
  alertsAsStrings: off("M", "account/summary has alerts as strings"),
  summaryEpoch: off("M", "account/summary has expiresAt in epoch milliseconds, not ISO"),
  deletedVisible: off("M", "a deleted port is answered with status deleted, not 404"),
  deleteEmpty: off("I", "DELETE /ports/:id answers 204 without a body"),
  strictBody: off("I", "a field that the vendor's page does not list is refused with 400, isPrivate too"),
  idempotency: off("P", "POST /ports replays the answer of the same Idempotency-Key for 24 h"),
  reconfigureVerb: verb("reconfigure", "S M"),
  credentialsVerb: verb("credentials", "S M"),
  rotationSettingsVerb: verb("rotation-settings", "S M"),
  cooldownStatus: choice([429, 400, 403] as const, "I", "status of a rotate during its cooldown"),
  retryAfter: choice(["seconds", "date", "none"] as const, "P I", "how Retry-After is given with 429"),
  ...X402_QUIRKS,
};

export type QuirkName = keyof typeof QUIRKS;
export type Quirks = { [K in QuirkName]: (typeof QUIRKS)[K]["value"] };

export function defaultQuirks(): Quirks {
  return Object.fromEntries(Object.entries(QUIRKS).map(([name, quirk]) => [name, quirk.value])) as Quirks;
}

export function mergeQuirks(quirks: Quirks, changes: Partial<Quirks>): Quirks {
  if (typeof changes !== "object" || Array.isArray(changes)) throw new Error("quirks are an object");
  for (const [name, value] of Object.entries(changes)) {
    const quirk: Quirk<unknown> | undefined = Object.hasOwn(QUIRKS, name) ? QUIRKS[name as QuirkName] : undefined;
    if (!quirk) throw new Error(`the emulator has no quirk ${quoted(name)}; it has ${Object.keys(QUIRKS).join(", ")}`);
    if (quirk.choices ? !quirk.choices.includes(value) : typeof value !== typeof quirk.value)
      throw new Error(`quirk ${name} takes ${quirk.choices?.join(", ") ?? typeof quirk.value}`);
  }
  return { ...quirks, ...changes };
}
