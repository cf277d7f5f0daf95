import { type Account, type Port } from "../world/types";
import { type World } from "../world/world";
import { rotateWhenDue } from "./auto-rotation";
import { notFound } from "./problem";

/** Ports of an account as they are now, oldest first. */
export function currentPorts(world: World, account: Account): Port[] {
  const ports = world.portsOf(account);
  for (const port of ports) rotateWhenDue(world, port);
  return ports;
}

/** Another account's port is as unknown as one that never was. */
export function requirePort(world: World, account: Account, id: string): Port {
  const port = world.port(id);
  if (port?.accountId !== account.id) throw notFound("Port not found");
  rotateWhenDue(world, port);
  return port;
}

export function deletedPort(world: World, account: Account, id: string): Port | undefined {
  const port = world.graves.get(id);
  return port?.accountId === account.id ? port : undefined;
}
