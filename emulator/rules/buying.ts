import { type SlotType } from "../world/config";
import { type Account, type Actor, type Port } from "../world/types";
import { type World } from "../world/world";
import { portName, proxyLogin, publicIp, serverAddress } from "./addresses";
import { expectEnd } from "./ending";
import { type Place, requirePlace, takeDevice } from "./placing";
import { requireSlot } from "./slots";

export interface PortOrder extends Place {
  slotType: SlotType;
  leaseSeconds: number;
  osFingerprint?: string;
}

export interface Buyer {
  account: Account;
  by: Actor;
  keyName?: string;
  requestId?: string;
  idempotencyKey?: string;
}

/** A port costs a slot and a device, no money: slots were paid for before. */
export function buyPort(world: World, order: PortOrder, buyer: Buyer): Port {
  const { account } = buyer;
  requirePlace(world, order);
  requireSlot(account, order.slotType);
  const device = takeDevice(world, order, order.slotType);
  const port = newPort(world, account, order, device);
  account.slots[order.slotType].used++;
  world.addPort(port);
  expectEnd(world, port);
  const { country, carrier } = world.placeOf(port);
  world.addPurchase({
    portId: port.id,
    account: account.name,
    boughtAt: new Date(port.createdAt).toISOString(),
    boughtBy: buyer.by,
    ...(buyer.keyName && { keyName: buyer.keyName }),
    ...(buyer.requestId && { requestId: buyer.requestId }),
    ...(buyer.idempotencyKey && { idempotencyKey: buyer.idempotencyKey }),
    order: {
      country: country.code,
      carrier: carrier.brand,
      slotType: order.slotType,
      leaseSeconds: order.leaseSeconds,
    },
  });
  world.touch();
  return port;
}

function newPort(world: World, account: Account, order: PortOrder, device: Port["device"]): Port {
  const { random } = world;
  const now = world.clock.now();
  const suffix = random.base36(6);
  const name = portName(account, suffix);
  return {
    id: random.objectId(now),
    accountId: account.id,
    number: account.nextPortNumber++,
    name,
    originalName: name,
    slotType: order.slotType,
    ...serverAddress(world.portsMade++),
    proxyLogin: proxyLogin(account, suffix),
    proxyPassword: random.alphanumeric(10),
    osFingerprint: order.osFingerprint ?? "",
    suspended: false,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + order.leaseSeconds * 1_000,
    rotationToken: random.hex(32),
    rotation: {
      settingsId: random.objectId(now),
      enabled: false,
      intervalSeconds: 1_800,
      matchCarrier: false,
      matchCity: false,
      excludedDeviceIds: [],
      lastRotatedAt: null,
      lastAskedAt: null,
      nextAutomaticAt: null,
      count: 0,
      history: [],
    },
    device,
    publicIp: publicIp(random),
    nextIp: null,
    usedGB: 0,
    traffic: { perDayGB: null, until: now, undatedGB: 0, byDay: {} },
    overrides: {},
  };
}
