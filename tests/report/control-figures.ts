import { type Emulator } from "../../emulator";

const WEEK_MS = 7 * 86_400_000;

/** The figures as the emulator's own data have them. */
export function controlFigures({ control }: Emulator) {
  const ports = control.ports("main");
  const now = control.clock.now().getTime();
  const byCountry: Record<string, number> = {};
  for (const { device } of ports) byCountry[device.country.code] = (byCountry[device.country.code] ?? 0) + 1;
  const [account] = control.state().accounts;
  const bought = (account?.purchasedGB.shared ?? 0) + (account?.purchasedGB.private ?? 0);
  return {
    live: ports.length,
    healthy: ports.filter(({ healthStatus }) => healthStatus === "healthy").length,
    ending: ports.filter(({ expiresAt }) => expiresAt > now && expiresAt - now <= WEEK_MS).length,
    rotations: ports.reduce((sum, { rotationSettings }) => sum + rotationSettings.rotationCount, 0),
    leftGB: bought - ports.reduce((sum, { usedTraffic }) => sum + usedTraffic, 0),
    byCountry,
  };
}
