import { type Device, type Port, type RotationRecord, type RotationTrigger } from "../world/types";
import { type World } from "../world/world";
import { portName, publicIp } from "./addresses";
import { Problem } from "./problem";
import { requireUsable } from "./using";

export interface Cooldown {
  endsAt: number;
  remainingSeconds: number;
}

/** Only rotations that someone asked for start a cooldown, else a private port on a 60 s interval could never be rotated by hand (inferred). */
export function cooldownOf(world: World, port: Port, now = world.clock.now()): Cooldown | undefined {
  const { lastAskedAt } = port.rotation;
  if (lastAskedAt === null) return undefined;
  const endsAt = lastAskedAt + world.config.rotationCooldownSeconds[port.slotType] * 1_000;
  return now < endsAt ? { endsAt, remainingSeconds: Math.ceil((endsAt - now) / 1_000) } : undefined;
}

export const cooldownReason = (cooldown: Cooldown) =>
  `Rate limited. Must wait ${cooldown.remainingSeconds} seconds before next rotation.`;

/** Devices that a rotation could go to. A private port keeps its own. */
export function rotationTargets(world: World, port: Port): number {
  return port.slotType === "private" ? 1 : world.stock.free(wantedFor(world, port));
}

/** A rotation that a person or a link asked for. */
export function rotatePort(world: World, port: Port, trigger: RotationTrigger, cooldownStatus: number): RotationRecord {
  requireUsable(world, port);
  const now = world.clock.now();
  const cooldown = cooldownOf(world, port, now);
  if (cooldown) throw new Problem(cooldownStatus, cooldownReason(cooldown), cooldown.remainingSeconds);
  const record = rotateAt(world, port, trigger, now);
  if (!record.success) throw new Problem(409, record.error ?? "Rotation failed");
  port.rotation.lastAskedAt = now;
  if (port.rotation.enabled) port.rotation.nextAutomaticAt = now + port.rotation.intervalSeconds * 1_000;
  return record;
}

/** Shared ports switch devices, private ones go through airplane mode (vendor's page). */
export function rotateAt(world: World, port: Port, trigger: RotationTrigger, at: number): RotationRecord {
  const before = { device: port.device, ip: ipAt(port, at) };
  const failure = port.slotType === "private" ? airplaneMode(world, port, at) : switchDevice(world, port);
  const { rotation } = port;
  const { country, carrier } = world.placeOf(port);
  const record: RotationRecord = {
    id: world.random.objectId(at),
    at,
    trigger,
    success: !failure,
    ...(failure && { error: failure }),
    fromDevice: { id: before.device.id, name: before.device.name },
    toDevice: { id: port.device.id, name: port.device.name },
    fromIp: before.ip,
    toIp: port.nextIp?.ip ?? port.publicIp,
    durationMs: world.random.integer(1_200, 4_000),
    country: country.name,
    carrier: carrier.brand,
  };
  rotation.history.push(record);
  if (rotation.history.length > world.config.historyLimit) rotation.history.shift();
  if (!failure) {
    rotation.count++;
    rotation.lastRotatedAt = at;
    port.name = portName(world.account(port.accountId), world.random.base36(6));
    port.updatedAt = at;
  }
  world.touch();
  return record;
}

/** The address in use: a private port keeps its old one until airplane mode is over. */
export function ipAt(port: Port, at: number): string {
  if (port.nextIp && at >= port.nextIp.at) {
    port.publicIp = port.nextIp.ip;
    port.nextIp = null;
  }
  return port.publicIp;
}

function airplaneMode(world: World, port: Port, at: number): undefined {
  port.nextIp = { ip: publicIp(world.random), at: at + world.random.integer(10, 30) * 1_000 };
  return undefined;
}

function switchDevice(world: World, port: Port): string | undefined {
  const device: Device | undefined = world.stock.take(wantedFor(world, port));
  if (!device) return "No available devices for rotation";
  world.stock.release(port.device);
  port.device = device;
  port.publicIp = publicIp(world.random);
  return undefined;
}

function wantedFor(world: World, port: Port) {
  const { country, carrier, city } = world.placeOf(port);
  const { matchCarrier, matchCity, excludedDeviceIds } = port.rotation;
  return {
    country,
    slotType: port.slotType,
    ...(matchCarrier && { carrierId: carrier.id }),
    ...(matchCity && { cityId: city.id }),
    excludedDeviceIds,
  };
}
