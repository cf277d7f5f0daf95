import { type Emulator, startEmulator } from "../../emulator";

const HOUR = 3_600_000;
const COUNTRIES = ["DE", "DE", "DE", "GB", "GB", "PL", "US", "FR", "NL"];

/** An emulator with so many ports in several places, bought over some days, rotating and used. To be closed. */
export async function fleetWorld(size: number): Promise<Emulator> {
  const emulator = await startEmulator({
    config: {
      devicesPerCarrier: { shared: size + 10, private: size + 10 },
      slots: { shared: size + 20, private: Math.ceil(size / 4) + 5 },
      trafficGB: { shared: 3 * size, private: size },
    },
  });
  const { control } = emulator;
  for (let at = 0; at < size; at++) {
    const { id } = control.buyPort({
      country: COUNTRIES[at % COUNTRIES.length],
      slotType: at % 5 === 4 ? "private" : "shared",
      expiresIn: `${7 + ((at * 7) % 24)}d`,
    });
    control.editPort(id, {
      usedTraffic: ((at * 37) % 100) / 50,
      rotationSettings: { enabled: at % 3 !== 2, intervalSeconds: 6 * 3_600 + (at % 5) * 900 },
      ...(at % 40 === 17 && { healthStatus: "degraded" }),
      ...(at % 100 === 33 && { suspended: true }),
    });
    if (at % Math.max(1, size >> 3) === 0) control.clock.advance(12 * HOUR);
  }
  control.clock.advance(36 * HOUR);
  control.ports();
  return emulator;
}

/** What no view may hold. */
export function secretsOf(emulator: Emulator): string[] {
  const ports = emulator.control.ports();
  return [
    emulator.apiKey,
    ...ports.flatMap(({ proxyLogin, proxyPassword, rotationToken, rotationLink, name, serverIp }) => [
      proxyLogin,
      proxyPassword,
      rotationToken,
      rotationLink,
      name,
      serverIp,
    ]),
  ];
}
