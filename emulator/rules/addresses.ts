import { type Random } from "../world/random";
import { type Account } from "../world/types";

const PORTS_PER_SERVER = 1_000;

/** Servers stand in TEST-NET-3: a program that dials one by mistake reaches nobody. socksPort = httpPort - 3000 (vendor's samples). */
export function serverAddress(made: number): { serverIp: string; httpPort: number; socksPort: number } {
  const httpPort = 8_000 + (made % PORTS_PER_SERVER);
  const serverIp = `203.0.113.${10 + (Math.floor(made / PORTS_PER_SERVER) % 200)}`;
  return { serverIp, httpPort, socksPort: httpPort - 3_000 };
}

/** From 198.18.0.0/15, which is kept for tests. */
export function publicIp(random: Random): string {
  return `198.${random.integer(18, 19)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;
}

/** "psx_8cc33c_91vjml": the end of the user's id, then the port's own six characters. */
export function portName(account: Account, suffix: string): string {
  return `psx_${account.id.slice(-6)}_${suffix}`;
}

/** "user_8cc33c91vjml": the same twelve characters as the name. */
export function proxyLogin(account: Account, suffix: string): string {
  return `user_${account.id.slice(-6)}${suffix}`;
}
