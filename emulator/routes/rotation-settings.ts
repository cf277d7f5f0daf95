import { portAnswer } from "../answers/port";
import { rotationSettingsAnswer } from "../answers/rotation-settings";
import { INTERVAL_BOUNDS, type RotationChange, setRotation } from "../rules/auto-rotation";
import { flag, integer, objectIds, offPage, readBody } from "../rules/body";
import { requirePort } from "../rules/looking";
import { type Call, disputed, type Route } from "./route";

export const rotationSettingsRoutes: Route[] = disputed(
  "/ports/:id/rotation-settings",
  "ports:write",
  "rotationSettingsVerb",
  updateRotationSettings,
);

function updateRotationSettings({ world, account, quirks, url, params, body }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const { least, most } = INTERVAL_BOUNDS[port.slotType];
  const change = readBody<RotationChange>(
    body,
    {
      enabled: flag(),
      intervalSeconds: integer(least, most),
      matchCarrier: flag(),
      matchCity: flag(),
      excludedDeviceIds: offPage(objectIds()),
    },
    quirks.strictBody,
  );
  setRotation(world, port, change);
  return quirks.settingsAnswerPort ? portAnswer(world, port, quirks, url) : rotationSettingsAnswer(port, quirks);
}
