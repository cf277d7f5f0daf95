import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import { type PaymentRequirements } from "@x402/core/types";
import { type Chain, createChain, NETWORKS } from "../../api";
import { ACCEPT_V2 } from "../api/x402/shop";
import { facilitatorOn } from "./facilitator";
import { type TestChain } from "./test-chains";

const GB = 4_000_000n;

export interface Sold {
  id: string;
  token: string;
  tx: string;
  gb: number;
  /** Epoch ms. */
  expiresAt: number;
  country: string;
}

/** What goes wrong once with a payment: nothing arrives, the answer is lost, or what was settled is not delivered. */
export type Mishap = "lost before" | "lost after" | "not delivered";

/**
 * The vendor's routes in front of the official facilitator, on a test chain: a session, the reads of it and its top-ups.
 * It takes a signed payment of version 2, or the transaction by which one was settled.
 */
export class ChainVendor {
  readonly sold: Sold[] = [];
  mishap?: Mishap;
  private count = 0;
  /** Settled payments by their nonce: the transaction. */
  private readonly settled = new Map<string, string>();
  /** What was given for a payment, by its transaction. */
  private readonly given = new Map<string, object>();
  private readonly chain: Chain;

  private constructor(
    private readonly server: Server,
    private readonly ledger: TestChain,
  ) {
    this.chain = createChain(NETWORKS["base-sepolia"], ledger.url);
    server.on("request", (request, response) => {
      this.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async open(ledger: TestChain): Promise<ChainVendor> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ChainVendor(server, ledger);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.chain.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = await request.toArray();
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const path = pathname.replace(/^\/v1\/x402/, "");
    const text = Buffer.concat(chunks as Buffer[]).toString();
    const body = JSON.parse(text || "{}") as Record<string, unknown>;
    const answer = (status: number, json: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "Content-Type": "application/json", ...headers });
      response.end(JSON.stringify(json));
    };
    const own = this.sold.find(({ token }) => token === request.headers["x-session-token"]);
    const one = (is: (sold: Sold) => boolean) => {
      const found = this.sold.find(is);
      return found ? answer(200, this.told(found)) : answer(404, { message: "Session not found" });
    };
    const last = path.slice(path.lastIndexOf("/") + 1);
    if (path === "/health") return answer(200, { enabled: true, status: "ok" });
    if (path === "/countries") return answer(200, [{ code: "DE", name: "Germany", availableDevices: 9, tier: "both" }]);
    if (path.startsWith("/session/tx/")) return one(({ tx }) => tx === last);
    if (path.startsWith("/session/")) return one(({ id }) => id === last);
    if (path.startsWith("/sessions/wallet/"))
      return answer(200, { sessions: this.sold.map((each) => this.told(each)) });
    if (path === "/manage/session") return one((each) => each === own);
    if (path === "/proxy") {
      const gb = Number(searchParams.get("traffic"));
      const [country = "", seconds] = [searchParams.get("country") ?? undefined, Number(searchParams.get("duration"))];
      return this.sell(request, response, answer, gb, (tx) => this.told(this.open(tx, gb, country, seconds)));
    }
    if (path === "/manage/session/topup" && own) {
      const [gb, seconds] = [Number(body.addTrafficGB ?? 0), Number(body.addDurationSeconds ?? 0)];
      const add = () => {
        own.gb = Math.round((own.gb + gb) * 1_000) / 1_000;
        own.expiresAt += seconds * 1_000;
        return { sessionId: own.id, trafficAllocatedGB: own.gb, expiresAt: new Date(own.expiresAt).toISOString() };
      };
      return gb === 0 ? answer(200, add()) : this.sell(request, response, answer, gb, add);
    }
    answer(404, { message: "Not found" });
  }

  private open(tx: string, gb: number, country: string, seconds: number): Sold {
    const id = `session${(this.count += 1)}`;
    const expiresAt = Date.now() + seconds * 1_000;
    const sold = { id, token: `x402s_tokenOfASessionOnAChain${id}`, tx, gb, expiresAt, country };
    this.sold.push(sold);
    return sold;
  }

  private told({ id, token, tx, gb, expiresAt, country }: Sold) {
    const session = { id, status: "active", tier: "shared", txHash: tx, sessionToken: token, trafficAllocatedGB: gb };
    const proxy = { host: "127.0.0.1", httpPort: 8_000, socksPort: 9_000, username: `x402_${id}`, password: "secret" };
    const more = { expiresAt: new Date(expiresAt).toISOString(), proxy, location: { countryCode: country } };
    return { success: true, session: { ...session, ...more }, ...session, ...more };
  }

  /** 402, or what is sold: once for a payment, however often it is shown. */
  private async sell(
    { headers }: IncomingMessage,
    response: ServerResponse,
    answer: (status: number, json: unknown, headers?: Record<string, string>) => void,
    gb: number,
    deliver: (tx: string) => object,
  ): Promise<void> {
    const amount = String((BigInt(Math.round(gb * 1_000)) * GB) / 1_000n);
    const asked = { ...ACCEPT_V2, amount } as PaymentRequirements;
    const offer = { x402Version: 2, resource: { url: `${this.url}/v1/x402/proxy` }, accepts: [asked] };
    const unpaid = (error: string) =>
      answer(402, { error }, { "PAYMENT-REQUIRED": encodePaymentRequiredHeader({ ...offer, error }) });
    const [signed, shown] = [headers["payment-signature"], headers["x-payment"]];
    if (typeof signed !== "string" && typeof shown !== "string") return unpaid("payment required");
    const mishap = this.mishap;
    delete this.mishap;
    if (mishap === "lost before") return void response.destroy();
    const tx =
      typeof signed === "string" && !signed.startsWith("0x")
        ? await this.settle(signed, asked)
        : await this.mined(
            String(signed ?? (JSON.parse(String(shown)) as { transactionHash: string }).transactionHash),
          );
    if (tx === undefined) return unpaid("the payment was refused");
    if (mishap === "not delivered") return answer(500, { message: "the device is gone" });
    const got = this.given.get(tx) ?? deliver(tx);
    this.given.set(tx, got);
    if (mishap === "lost after") return void response.destroy();
    answer(200, got);
  }

  private async settle(header: string, asked: PaymentRequirements): Promise<string | undefined> {
    const payment = decodePaymentSignatureHeader(header);
    const { nonce } = (payment.payload as { authorization: { nonce: string } }).authorization;
    const known = this.settled.get(nonce);
    if (known !== undefined && (await this.mined(known)) !== undefined) return known;
    const { v2 } = facilitatorOn(this.ledger);
    if (!(await v2.verify(payment, asked)).isValid) return undefined;
    const { success, transaction } = await v2.settle(payment, asked);
    if (!success) return undefined;
    this.settled.set(nonce, transaction);
    return transaction;
  }

  private async mined(hash: string): Promise<string | undefined> {
    const payTo = this.ledger.payTo.toLowerCase();
    const receipt = await this.chain.receipt(hash);
    return receipt?.success && receipt.transfers.some(({ to }) => to === payTo) ? hash : undefined;
  }
}
