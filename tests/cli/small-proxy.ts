import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect as connectTo, type Socket } from "node:net";

/** A proxy that wants a login. What it is asked for it answers itself: its name, then what it gets. */
export interface SmallProxy {
  name: string;
  port: number;
  login: string;
  password: string;
  /** Requests that had the login: first line, and headers without those that every request has. */
  served: { line: string; headers: IncomingMessage["headers"] }[];
  /** Logins that were refused, as "login:password". */
  refused: string[];
  /** Ends its connections too. */
  close: () => Promise<void>;
}

export async function smallProxy(name: string, login: string, password: string): Promise<SmallProxy> {
  const sockets = new Set<Socket>();
  const proxy = { name, login, password, served: [], refused: [] } as Pick<SmallProxy, "served" | "refused"> & object;
  const admits = ({ method, url, headers }: IncomingMessage): boolean => {
    const { "proxy-authorization": given = "", ...others } = headers;
    const told = Buffer.from(given.replace(/^Basic /, ""), "base64").toString();
    if (told !== `${login}:${password}`) proxy.refused.push(told);
    else proxy.served.push({ line: `${method} ${url}`, headers: others });
    return told === `${login}:${password}`;
  };
  const server = createServer((request, answer) => {
    if (!admits(request)) answer.statusCode = 407;
    answer.end(name);
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => undefined);
    if (!admits(request)) return void socket.end("HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n");
    socket.write(`HTTP/1.1 200 OK\r\n\r\n${name}\n`);
    socket.pipe(socket);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return Object.assign(proxy, { name, login, password, port: (server.address() as AddressInfo).port, close });
}

/** A connection through a proxy on a port of this machine, to a server that nobody has. */
export class Tunnel {
  private text = "";

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.on("data", (text: string) => (this.text += text));
  }

  /** @throws what the proxy said in place of 200 */
  static async open(port: number): Promise<Tunnel & { via: string }> {
    const socket = connectTo(port, "127.0.0.1");
    const tunnel = new Tunnel(socket);
    socket.write("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
    const head = await tunnel.until("\r\n\r\n");
    if (!/^HTTP\/1\.[01] 200 /.test(head)) throw new Error(head.split("\r\n")[0]);
    return Object.assign(tunnel, { via: (await tunnel.until("\n")).trim() });
  }

  /** What comes back for a word, which is the word. */
  async echo(word: string): Promise<string> {
    this.socket.write(`${word}\n`);
    return (await this.until("\n")).trim();
  }

  close(): void {
    this.socket.destroy();
  }

  private async until(end: string): Promise<string> {
    while (!this.text.includes(end)) {
      if (this.socket.closed || this.socket.readableEnded) throw new Error(`cut off after "${this.text}"`);
      await new Promise<void>((resolve) => {
        const on = (): void => {
          this.socket.off("data", on).off("close", on).off("end", on);
          resolve();
        };
        this.socket.once("data", on).once("close", on).once("end", on);
      });
    }
    const at = this.text.indexOf(end) + end.length;
    const found = this.text.slice(0, at);
    this.text = this.text.slice(at);
    return found;
  }
}
