import { z } from "zod";
import { FINGERPRINTS } from "../../domain/fingerprints";
import { loginFault } from "../../domain/proxy-login";
import { carrierId, cityId, countryId, portId, slotType } from "../arguments";
import { buyPort } from "../buy-port";
import { secretsOfPort } from "../../report/secrets";
import { briefly, portOf, shortly, urlsOf } from "../ports";
import { type Tool, tool, ToolError } from "../tool";

const FINGERPRINT = z.enum(Object.keys(FINGERPRINTS) as [string, ...string[]]).describe('"" means none.');
const changes = ({ portId: id }: { portId: string }): string => id;
const DAY = 86_400;

/** Ports: what there are, and what makes, changes and deletes them. */
export const portTools: readonly Tool[] = [
  tool({
    name: "list_ports",
    does: "The account's ports in short, by filters. get_port shows all of one.",
    group: "read",
    input: {
      type: slotType.optional(),
      status: z.enum(["active", "suspended", "expired"]).optional(),
      countryId: countryId.optional(),
      carrierId,
      limit: z.number().int().min(1).max(100).optional().describe("Most ports to list. 50 by default."),
    },
    run: async ({ type, limit = 50, ...filter }, { api }) => {
      const found = await api().ports.list({ ...filter, ...(type && { slotType: type }) });
      const ports = found.slice(0, limit);
      const shown = ports.length < found.length ? `, of which ${ports.length} are listed` : "";
      return {
        said: `${found.length} ${found.length === 1 ? "port fits" : "ports fit"}${shown}.`,
        data: { total: found.length, ports: ports.map(briefly) },
        secrets: ports.flatMap(secretsOfPort),
      };
    },
  }),
  tool({
    name: "get_port",
    does: "All that the vendor reports on one port, and the URLs to connect by.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api }) => {
      const port = await portOf(id, api());
      return { said: `${shortly(port)}.`, data: { port, connection: urlsOf(port) }, secrets: secretsOfPort(port) };
    },
  }),
  tool({
    name: "create_port",
    does:
      "Buys a port: it takes a free slot of its type until its lease ends. Never bought twice for one call, also where " +
      "the answer is lost. No stack knows a port that is made here: prefer propose_change where a program declares the fleet.",
    group: "ports",
    makesPort: true,
    input: {
      countryId,
      type: slotType,
      carrierId,
      cityId,
      expiresInDays: z.number().min(1).max(365).optional().describe("Length of the lease. 30 by default."),
      osFingerprint: FINGERPRINT.optional(),
    },
    run: async ({ type, expiresInDays = 30, ...place }, around) => {
      const order = { ...place, isPrivate: type === "private", expiresInSeconds: Math.round(expiresInDays * DAY) };
      const { port, isTakenUp, settle } = await buyPort(order, around);
      return {
        said: `${isTakenUp ? "An earlier call had bought it: " : "Bought: "}${shortly(port)}.`,
        data: { port, connection: urlsOf(port) },
        secrets: secretsOfPort(port),
        port: port.id,
        settle,
        ...(isTakenUp && { isTakenUp }),
      };
    },
  }),
  tool({
    name: "delete_port",
    does: "Gives a port back. It stops serving at once and cannot be restored.",
    group: "ports",
    isDestructive: true,
    isRepeatable: true,
    input: { portId },
    changes,
    run: async ({ portId: id }, { api }) => {
      const deleted = await api().ports.delete(id);
      if (deleted) return { said: `Port ${id} is deleted.`, data: { portId: id, deleted } };
      if (deleted === false)
        return { said: `Port ${id} was gone already.`, data: { portId: id, deleted }, isUndone: true };
      const said = `Port ${id} is gone. An answer was lost, so it is not known whether this call deleted it.`;
      return { said, data: { portId: id } };
    },
  }),
  tool({
    name: "update_port_credentials",
    does: "Sets a port's login, its password, or both. Clients with the old ones are cut off.",
    group: "credentials",
    isDestructive: true,
    isRepeatable: true,
    input: {
      portId,
      proxyLogin: z.string().min(1).max(255).optional(),
      proxyPassword: z.string().min(1).max(255).optional(),
    },
    secretArguments: ["proxyLogin", "proxyPassword"],
    changes,
    run: async ({ portId: id, ...credentials }, { api }) => {
      const set = Object.entries(credentials).filter(([, value]) => value !== undefined);
      if (set.length === 0) throw new ToolError("give proxyLogin, proxyPassword or both. Nothing was changed.");
      const fault = loginFault(credentials.proxyLogin);
      if (fault !== undefined) throw new ToolError(`proxyLogin: ${fault} Nothing was changed.`);
      await api().ports.setCredentials(id, Object.fromEntries(set));
      return {
        said: `Set on port ${id}: ${set.map(([name]) => name).join(" and ")}.`,
        data: { portId: id, set: set.map(([name]) => name) },
      };
    },
  }),
  tool({
    name: "update_os_fingerprint",
    does: "Sets the OS whose TCP fingerprint a port's traffic shows.",
    group: "ports",
    isRepeatable: true,
    input: { portId, osFingerprint: FINGERPRINT },
    changes,
    run: async ({ portId: id, osFingerprint }, { api }) => {
      await api().ports.setOsFingerprint(id, osFingerprint);
      const label = FINGERPRINTS[osFingerprint];
      return { said: `The fingerprint of port ${id} is ${label}.`, data: { portId: id, osFingerprint, label } };
    },
  }),
  tool({
    name: "reconfigure_port",
    does: "Moves a port to another country, carrier or city. Id, login and lease stay; the address changes.",
    group: "ports",
    isRepeatable: true,
    input: { portId, countryId, carrierId, cityId },
    changes,
    run: async ({ portId: id, ...place }, { api }) => {
      const port = (await api().ports.reconfigure(id, place)) ?? (await portOf(id, api()));
      return {
        said: `Moved: ${shortly(port)}.`,
        data: { port, connection: urlsOf(port) },
        secrets: secretsOfPort(port),
      };
    },
  }),
];
