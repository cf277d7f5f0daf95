import * as http from "node:http";
import { type AddressInfo, type Socket } from "node:net";
import { type Api, type ApiError, type ApiOptions, createApi } from "../../api";

export const KEY = "psx_canary_key_7f3a9c";

export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: unknown;
}

/** What to answer: JSON, a text as it is, or anything done by hand. */
export interface Reply {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
  by?: (response: http.ServerResponse, request: http.IncomingMessage) => void;
}

type Script = Reply[] | ((seen: Seen) => Reply);

/** A few lines of server for one test: answers by script (the last reply for ever) and notes what it was asked. */
export interface Vendor {
  url: string;
  seen: Seen[];
  /** "GET /v1/ports?page=1" */
  calls: () => string[];
  /** Waits asked for by the client, in ms; they are not slept. */
  waits: number[];
  notices: string[];
  api: Api;
  /** Moves the client's clock. */
  pass: (ms: number) => void;
  close: () => Promise<void>;
}

async function vendor(script: Script, options: Partial<ApiOptions> = {}): Promise<Vendor> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let at = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const one = {
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: text ? (JSON.parse(text) as unknown) : undefined,
      };
      seen.push(one);
      answer(
        typeof script === "function" ? script(one) : script[Math.min(at++, script.length - 1)]!,
        request,
        response,
      );
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const waits: number[] = [];
  const notices: string[] = [];
  let clock = 1_000;
  const api = createApi({
    apiKey: KEY,
    apiUrl: url,
    onNotice: (text) => notices.push(text),
    now: () => clock,
    sleep: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    random: () => 0.5,
    ...options,
  });
  return {
    url,
    seen,
    calls: () => seen.map(({ method, url: target }) => `${method} ${target}`),
    waits,
    notices,
    api,
    pass: (ms) => (clock += ms),
    close: async () => {
      api.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(reply: Reply, request: http.IncomingMessage, response: http.ServerResponse): void {
  if (reply.by) return reply.by(response, request);
  response.writeHead(reply.status ?? 200, {
    "Content-Type": "application/json",
    "X-Request-ID": "req-1",
    ...reply.headers,
  });
  response.end(reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json)));
}

/** Makes and closes vendors for the tests of one file. */
export function vendors(): (script: Script, options?: Partial<ApiOptions>) => Promise<Vendor> {
  const open: Vendor[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  return async (script, options) => {
    const one = await vendor(script, options);
    open.push(one);
    return one;
  };
}

/** The error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  return call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (error: unknown) => error as ApiError,
  );
}

/** The client's alarms ring when the test says so: no machine is too slow for them. Node's own timers go on. */
export function fakeTimers(): void {
  jest.useFakeTimers({
    doNotFake: ["Date", "hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate", "clearImmediate"],
  });
}
