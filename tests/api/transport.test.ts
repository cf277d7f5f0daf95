import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createApi } from "../../api";
import { NEW_PORT, PORT } from "./samples";
import { failure, fakeTimers, KEY, type Reply, vendors } from "./vendor";

const vendor = vendors();
const order = { countryId: "c", expiresInSeconds: 60 };

describe("an answer that does not come whole", () => {
  beforeEach(() => fakeTimers());
  afterEach(() => jest.useRealTimers());

  const hang: Reply = { by: () => jest.advanceTimersByTime(30_000) };
  const drip: Reply = {
    by: (response) => {
      response.writeHead(200);
      response.write("[", () => jest.advanceTimersByTime(30_000));
    },
  };
  const cut: Reply = { by: (response) => response.socket!.destroy() };
  const cutBody: Reply = {
    by: (response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("{", () => response.socket!.destroy());
    },
  };

  test.each([
    [
      "hangs",
      hang,
      "timeout",
      /^GET \/v1\/ports\/:id: no complete answer from 127\.0\.0\.1:\d+ within 30 s \(timeout\)\. Gave up after 3\.8 s: 5 tries, 5 × timeout$/,
    ],
    ["drips", drip, "timeout", /no complete answer from 127/],
    [
      "is cut",
      cut,
      "network",
      /^GET \/v1\/ports\/:id: the connection to 127\.0\.0\.1:\d+ was cut: ECONNRESET \(network\)\. Gave up after 3\.8 s: 5 tries, 5 × network$/,
    ],
    ["is cut in its body", cutBody, "network", /the connection to 127\.0\.0\.1:\d+ was cut: /],
  ])("that %s is asked for again", async (_, reply, code, message) => {
    const { api, seen } = await vendor([reply]);
    const error = await failure(api.ports.get("a"));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code, maybeDone: false, sent: "maybe" });
    expect(seen.length).toBe(5);
  });

  test.each([
    ["hangs", hang, "timeout"],
    ["drips", drip, "timeout"],
    ["is cut", cut, "network"],
    ["is cut in its body", cutBody, "network"],
    ["is a 502 page", { status: 502, text: "<html>Bad gateway</html>" }, "server_error"],
    ["is half a JSON", { text: '{"_id": "67' }, "bad_answer"],
    ["is empty", {}, "bad_answer"],
    ["is a page", { text: "<html>" }, "bad_answer"],
  ])("to an order that %s may have bought a port, and is not ordered again", async (_, reply: Reply, code) => {
    const { api, seen } = await vendor([reply]);
    expect(await failure(api.ports.create(order))).toMatchObject({ code, maybeDone: true, sent: "maybe" });
    expect(seen.length).toBe(1);
  });

  test.each([400, 401, 403, 404, 409, 422])("a %d to an order bought nothing", async (status) => {
    const { api, seen } = await vendor([{ status, json: { message: "no" } }]);
    expect(await failure(api.ports.create(order))).toMatchObject({ maybeDone: false, sent: "refused", status });
    expect(seen.length).toBe(1);
  });

  test("the page of a gateway is not quoted", async () => {
    const { api } = await vendor([{ status: 502, text: "<html>Bad gateway</html>" }]);
    expect((await failure(api.ports.list())).message).toBe(
      "GET /v1/ports: the vendor gave no reason (502 server_error, request req-1). Gave up after 3.8 s: 5 tries, 5 × 502",
    );
  });

  test("no connection: nothing was sent, an order may be tried again", async () => {
    const closed = await vendor([{}]);
    await closed.close();
    const { api, waits } = await vendor([{}], { apiUrl: closed.url });
    const error = await failure(api.ports.create(order));
    expect(error.message).toBe(
      `POST /v1/ports: no connection to ${new URL(closed.url).host}: ECONNREFUSED (network). ` +
        "Gave up after 3.8 s: 5 tries, 5 × network. " +
        "Nothing listens there: check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)",
    );
    expect(error).toMatchObject({ code: "network", maybeDone: false, sent: "no" });
    expect(waits).toEqual([250, 500, 1000, 2000]);
  });
});

describe("bounds", () => {
  test.each([
    ["as it is", (text: string) => Buffer.from(text), {}],
    ["packed", (text: string) => gzipSync(text), { "Content-Encoding": "gzip" }],
  ])("a body beyond maxBodyBytes is given up, %s", async (_, pack, headers) => {
    const text = JSON.stringify([PORT, { ...PORT, _id: "other", more: "b".repeat(5000) }]);
    const reply: Reply = { by: (response) => response.writeHead(200, headers).end(pack(text)) };
    const { api, seen } = await vendor([reply], { maxBodyBytes: 4096 });
    expect((await failure(api.ports.list())).message).toBe(
      "GET /v1/ports: the answer is larger than maxBodyBytes (bad_answer)",
    );
    expect(seen.length).toBe(1);
    const roomy = await vendor([reply]);
    expect((await roomy.api.ports.list()).length).toBe(2);
  });

  test("at most maxConcurrent calls in flight, in their order", async () => {
    const later = (work: () => void, turns = 10): void =>
      void setImmediate(() => (turns > 0 ? later(work, turns - 1) : work())); // a third call would come meanwhile
    let inFlight = 0;
    let most = 0;
    const reply: Reply = {
      by: (response) => {
        most = Math.max(most, ++inFlight);
        later(() => {
          inFlight--;
          response.end(JSON.stringify(PORT));
        });
      },
    };
    const { api, calls } = await vendor([reply], { maxConcurrent: 2 });
    const ids = Array.from({ length: 8 }, (_, at) => `p${at}`);
    await Promise.all(ids.map((id) => api.ports.get(id)));
    expect(most).toBe(2);
    expect(calls()).toEqual(ids.map((id) => `GET /v1/ports/${id}`));
  });

  test("a call that fails makes room", async () => {
    const { api } = await vendor([{ status: 400 }, { status: 400 }, { json: PORT }], { maxConcurrent: 1 });
    await failure(api.ports.get("a"));
    await failure(api.ports.get("b"));
    expect((await api.ports.get("c"))!.id).toBe(PORT._id);
  });
});

describe("the key goes nowhere else", () => {
  test.each([301, 302, 303, 307, 308])("a %d is not followed", async (status) => {
    const target = await vendor([{ json: PORT }]);
    const { api } = await vendor([{ status, headers: { Location: `${target.url}/v1/ports/a` } }]);
    const error = await failure(api.ports.get("a"));
    expect(error.message).toBe(
      `GET /v1/ports/:id: the API answered with a redirect, which is not followed (${status} rejected, request req-1). ` +
        "Check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)",
    );
    expect(target.seen).toEqual([]);
  });

  test.each([
    [303, true],
    [307, false],
  ])("an order answered by a %d may be done: %s", async (status, maybeDone) => {
    const { api } = await vendor([{ status, headers: { Location: "/elsewhere" } }]);
    expect((await failure(api.ports.create(order))).maybeDone).toBe(maybeDone);
  });
});

describe("connections", () => {
  test("reads share one, an order gets a fresh one", async () => {
    const ports: number[] = [];
    const reply: Reply = {
      by: (response, request) => {
        ports.push(request.socket.remotePort!);
        response.end(JSON.stringify(NEW_PORT));
      },
    };
    const { api } = await vendor([reply]);
    await api.ports.get("a");
    await new Promise((resolve) => setImmediate(resolve));
    await api.ports.get("a");
    await api.ports.create(order);
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
  });

  test("close leaves none open", async () => {
    const server = http.createServer((_, response) => response.end(JSON.stringify(PORT)));
    server.keepAliveTimeout = 0; // the server keeps them for ever
    const ends: Promise<unknown>[] = [];
    server.on("connection", (socket) => ends.push(once(socket, "close")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const api = createApi({ apiKey: KEY, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await api.ports.get("a");
    expect(ends).toHaveLength(1);
    api.close();
    await Promise.all(ends);
    server.close();
  });

  test("close cuts no call in flight", async () => {
    const answers: (() => void)[] = [];
    let bothArrived = () => {};
    const arrived = new Promise<void>((resolve) => (bothArrived = resolve));
    const reply: Reply = {
      by: (response) => {
        if (answers.push(() => response.end(JSON.stringify(NEW_PORT))) === 2) bothArrived();
      },
    };
    const { api } = await vendor([reply]);
    const calls = [api.ports.create(order), api.ports.get("a")];
    await arrived;
    api.close();
    for (const answer of answers) answer();
    expect((await Promise.all(calls)).map((port) => port!.id)).toEqual([NEW_PORT._id, NEW_PORT._id]);
  });
});

describe("the vendor's clock", () => {
  const Dated = (text: string): Reply => ({ json: PORT, headers: { Date: text } });

  test("is the last Date header and the time since", async () => {
    const { api, pass } = await vendor([
      Dated("Wed, 17 Dec 2025 10:00:00 GMT"),
      Dated("Wed, 17 Dec 2025 09:00:00 GMT"),
    ]);
    expect(api.serverNow()).toBeUndefined();
    await api.ports.get("a");
    expect(api.serverNow()).toBe(Date.parse("2025-12-17T10:00:00Z"));
    pass(1500);
    expect(api.serverNow()).toBe(Date.parse("2025-12-17T10:00:01.500Z"));
    await api.ports.get("a");
    expect(api.serverNow()).toBe(Date.parse("2025-12-17T09:00:00Z"));
  });

  test("is read from refusals too, and not changed by a Date header that is no date", async () => {
    const { api } = await vendor([
      { status: 404, headers: { Date: "Wed, 17 Dec 2025 10:00:00 GMT" } },
      Dated("yesterday"),
    ]);
    await api.ports.get("a");
    await api.ports.get("a");
    expect(api.serverNow()).toBe(Date.parse("2025-12-17T10:00:00Z"));
  });
});
