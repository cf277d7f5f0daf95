import { z } from "zod";
import { formatUsdc, type Session } from "../../api";
import { secretsOfSession, secretsOfSessionPort } from "../../report/secrets";
import { type Tool, tool } from "../tool";

const sessionToken = z.string().min(1).max(512).describe("The session's token, x402s_…");

/** Sessions that a wallet paid for. No key is needed. */
export const sessionTools: readonly Tool[] = [
  tool({
    name: "get_x402_session",
    does: "A session that a wallet paid for, by its token: traffic, end, and its ports.",
    group: "read",
    input: { sessionToken },
    secretArguments: ["sessionToken"],
    run: async ({ sessionToken: token }, { x402 }) => told(await x402.manage.session(token), [token]),
  }),
  tool({
    name: "list_x402_ports",
    does: "The ports of a session, by its token.",
    group: "read",
    input: { sessionToken },
    secretArguments: ["sessionToken"],
    run: async ({ sessionToken: token }, { x402 }) => {
      const ports = await x402.manage.ports(token);
      return {
        said: `The session has ${ports.length} ${ports.length === 1 ? "port" : "ports"}.`,
        data: { ports },
        secrets: [token, ...ports.flatMap(secretsOfSessionPort)],
      };
    },
  }),
  tool({
    name: "get_x402_port_status",
    does: "One port of a session: status, end and traffic.",
    group: "read",
    input: { sessionToken, portId: z.string().min(1).max(64) },
    secretArguments: ["sessionToken"],
    run: async ({ sessionToken: token, portId: id }, { x402 }) => {
      const port = await x402.manage.portStatus(token, id);
      return {
        said: `Port ${port.id} is ${port.status ?? "of unknown status"}.`,
        data: { port },
        secrets: [token, ...secretsOfSessionPort(port)],
      };
    },
  }),
  tool({
    name: "get_sessions_by_wallet",
    does: "What a wallet has rented, by its address. The vendor lists it to everybody who knows the address.",
    group: "read",
    input: {
      walletAddress: z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/, "give 0x and 40 hexadecimal digits; wallets on Solana are not supported"),
      status: z.enum(["active", "expired", "all"]).optional().describe('"active" by default.'),
    },
    run: async ({ walletAddress, status = "active" }, { x402 }) => {
      const sessions = await x402.sessions.byWallet(walletAddress, status);
      return {
        said: `The wallet has ${sessions.length} ${status === "all" ? "" : `${status} `}${sessions.length === 1 ? "session" : "sessions"}.`,
        data: { sessions: sessions.map(factsOf) },
        secrets: sessions.flatMap(secretsOfSession),
      };
    },
  }),
  tool({
    name: "get_session_status",
    does: "Whether a session is active, its end and its traffic, by its id.",
    group: "read",
    input: { sessionId: z.string().min(1).max(64) },
    run: async ({ sessionId }, { x402 }) => told(await x402.sessions.status(sessionId)),
  }),
];

export function told(session: Session, more: string[] = []) {
  const { id = "?", status, isActive } = session;
  return {
    said: `Session ${id} is ${status ?? (isActive === undefined ? "of unknown status" : isActive ? "active" : "over")}.`,
    data: { session: factsOf(session) },
    secrets: [...more, ...secretsOfSession(session)],
  };
}

/** Amounts are integers of any length, which JSON has not. */
const factsOf = ({ paid, ...session }: Session) => ({
  ...session,
  ...(paid !== undefined && { paidUSDC: formatUsdc(paid) }),
});
