import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { type Certificate } from "./certificate";

interface Ways {
  /** The port on 127.0.0.1 to which every target leads. */
  to: number;
  login?: { user: string; password: string };
  /** Is said in place of passing on, then the connection ends. Undefined: passes on. */
  says?: string | Buffer;
  /** Is done in place of any answer. */
  instead?: () => void;
  /** It is spoken to by TLS. */
  certificate?: Certificate;
}

/** A proxy on 127.0.0.1 for one test. */
export interface TestProxy {
  port: number;
  /** Targets that were asked for, `host:port`, also those that were refused. */
  asked: string[];
  /** All that clients said to it before anything was passed on. */
  received: string[];
}

const open: (() => Promise<void>)[] = [];

/** Ends what the test has begun. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** Listens on 127.0.0.1 until `closeAll`. */
export async function listening(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as net.AddressInfo).port;
}

export async function connectProxy({ to, login, says, instead, certificate }: Ways): Promise<TestProxy> {
  const proxy: TestProxy = { port: 0, asked: [], received: [] };
  const server = certificate ? https.createServer(certificate) : http.createServer();
  server.on("request", (request, response) => {
    proxy.received.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  server.on("connect", (request, socket: net.Socket) => {
    socket.on("error", () => {});
    proxy.asked.push(request.url!);
    proxy.received.push(JSON.stringify(request.headers));
    const wanted = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
    if (instead) return instead();
    if (says !== undefined) socket.end(says);
    else if (wanted !== request.headers["proxy-authorization"]) socket.end("HTTP/1.1 407 Who are you\r\n\r\n");
    else {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      pass(socket, to);
    }
  });
  proxy.port = await listening(server);
  return proxy;
}

/** RFC 1928 and 1929, as far as a CONNECT needs them. */
export async function socksProxy({ to, login, says, instead }: Ways): Promise<TestProxy> {
  const proxy: TestProxy = { port: 0, asked: [], received: [] };
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    if (instead) return void socket.once("data", instead);
    if (says !== undefined) return void socket.end(says);
    const more = reader(socket);
    void (async () => {
      const [, methods] = await more(2);
      await more(methods!);
      socket.write(Buffer.from([5, login ? 2 : 0]));
      if (login) {
        const user = (await more((await more(2))[1]!)).toString();
        const password = (await more((await more(1))[0]!)).toString();
        proxy.received.push(`${user}:${password}`);
        const fits = user === login.user && password === login.password;
        socket.write(Buffer.from([1, fits ? 0 : 1]));
        if (!fits) return void socket.end();
      }
      const [, , , type] = await more(4);
      const host = type === 1 ? (await more(4)).join(".") : (await more((await more(1))[0]!)).toString();
      proxy.asked.push(`${host}:${(await more(2)).readUInt16BE()}`);
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      pass(socket, to);
    })();
  });
  proxy.port = await listening(server);
  return proxy;
}

/** Takes so many bytes, once they are there. */
function reader(socket: net.Socket): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    for (;;) {
      const chunk = socket.read(bytes) as Buffer | null;
      if (chunk) return chunk;
      await new Promise((resolve) => socket.once("readable", resolve));
    }
  };
}

function pass(socket: net.Socket, to: number): void {
  const target = net.connect(to, "127.0.0.1");
  target.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => target.destroy());
  socket.removeAllListeners("readable");
  target.pipe(socket).pipe(target);
}
