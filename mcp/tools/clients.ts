import { z } from "zod";
import { FINGERPRINTS } from "../../domain/fingerprints";
import { portId } from "../arguments";
import { secretsOfPort } from "../../report/secrets";
import { portOf, rotationUrlOf, urlsOf } from "../ports";
import { type Tool, tool, ToolError } from "../tool";

const serverHost = z
  .string()
  .regex(/^[A-Za-z0-9.:_-]{1,253}$/, "is not a host name or an address")
  .optional()
  .describe("Another name of the port's server. The vendor's by default.");

/** What clients need to use a port. */
export const clientTools: readonly Tool[] = [
  tool({
    name: "get_proxy_connection_string",
    does: "The URL by which clients use a port.",
    group: "read",
    input: { portId, protocol: z.enum(["http", "socks5"]).optional().describe('"http" by default.'), serverHost },
    run: async ({ portId: id, protocol = "http", serverHost: host }, { api }) => {
      const port = await portOf(id, api());
      const url = urlsOf(port, host)[protocol];
      if (url === undefined)
        throw new ToolError(`the vendor does not report how to connect to port ${id} yet: try again.`);
      const { serverIp, httpPort, socksPort, proxyLogin, proxyPassword } = port;
      return {
        said: `${protocol.toUpperCase()} proxy: ${url}`,
        data: {
          url,
          protocol,
          host: host ?? serverIp,
          port: protocol === "http" ? httpPort : socksPort,
          username: proxyLogin,
          password: proxyPassword,
        },
        secrets: secretsOfPort(port),
      };
    },
  }),
  tool({
    name: "get_all_proxy_formats",
    does: "A port as clients read it: URLs, environment variables, curl, Python, Node.js and others.",
    group: "read",
    input: { portId, serverHost },
    run: async ({ portId: id, serverHost: given }, around) => {
      const port = await portOf(id, around.api());
      const { httpPort, socksPort, proxyLogin: login, proxyPassword: password, serverIp } = port;
      const host = given ?? serverIp;
      if (host === undefined || login === undefined || password === undefined)
        throw new ToolError(`the vendor does not report how to connect to port ${id} yet: try again.`);
      return {
        said: `Port ${id}, as clients read it.`,
        data: {
          portId: id,
          connection: urlsOf(port, host),
          formats: around.formats({ host, httpPort, socksPort, login, password }),
          rotationUrl: rotationUrlOf(port, around),
        },
        secrets: [...secretsOfPort(port), rotationUrlOf(port, around)],
      };
    },
  }),
  tool({
    name: "get_os_fingerprint_options",
    does: "The values that create_port and update_os_fingerprint take.",
    group: "read",
    input: {},
    run: async () => ({
      said: 'Values of osFingerprint; "" means none.',
      data: { options: Object.entries(FINGERPRINTS).map(([value, label]) => ({ value, label })) },
    }),
  }),
  tool({
    name: "list_available_countries",
    does: "Countries where ports are available now, with the ids that create_port takes and the devices that are free.",
    group: "read",
    input: { isPrivate: z.boolean().optional().describe("For private ports instead of shared ones.") },
    run: async ({ isPrivate = false }, { api }) => {
      const countries = await api().reference.countries({ isPrivate });
      return { said: `${countries.length} countries have devices.`, data: { countries } };
    },
  }),
];
