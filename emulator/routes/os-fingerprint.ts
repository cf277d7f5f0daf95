import { portAnswer } from "../answers/port";
import { oneOf, readBody, required } from "../rules/body";
import { FINGERPRINT_VALUES, FINGERPRINTS } from "../rules/fingerprints";
import { requirePort } from "../rules/looking";
import { type Call, route, type Route } from "./route";

export const osFingerprintRoutes: Route[] = [
  route("GET", "/ports/:id/os-fingerprints", "ports:read", listFingerprints),
  route("PATCH", "/ports/:id/os-fingerprint", "ports:write", updateFingerprint),
];

function listFingerprints({ world, account, params }: Call): unknown {
  requirePort(world, account, params["id"] ?? "");
  return FINGERPRINTS;
}

function updateFingerprint({ world, account, quirks, url, params, body }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const { osFingerprint } = readBody<{ osFingerprint: string }>(
    body,
    { osFingerprint: required(oneOf(FINGERPRINT_VALUES)) },
    quirks.strictBody,
  );
  Object.assign(port, { osFingerprint, updatedAt: world.clock.now() });
  world.touch();
  return portAnswer(world, port, quirks, url);
}
