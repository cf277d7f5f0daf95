import { inspect } from "node:util";
import { ApiError, isApiError } from "../../api";
import { type Call } from "../../api/transport/call";
import { serverClock } from "../../api/transport/clock";
import { withErrors } from "../../api/transport/failures";
import { notConnected } from "../../api/transport/not-connected";
import { PORT } from "./samples";
import { failure, fakeTimers, KEY, type Reply, vendors } from "./vendor";

const vendor = vendors();
const PASSWORD = 'canary "pass" wörd/?';

describe("the message says what to do", () => {
  test.each([
    [
      "401 names the setting",
      401,
      { message: "Invalid API key" },
      {},
      "Invalid API key (401 unauthorized, request req-1). Check the API key (apiKey; in Pulumi proxies-sx:apiKey or PROXIES_API_KEY)",
    ],
    [
      "403 names the scope",
      403,
      { message: "Forbidden resource" },
      {},
      "Forbidden resource (403 forbidden, request req-1). The scope that this call needs: ports:read",
    ],
    ["404", 404, { message: "Port not found" }, {}, "Port not found (404 not_found, request req-1)"],
    ["409", 409, { message: "Busy." }, {}, "Busy (409 conflict, request req-1)"],
    [
      "a list of messages is joined",
      400,
      { message: ["a must be set", "b must be a number"] },
      {},
      "a must be set, b must be a number (400 rejected, request req-1)",
    ],
    ["error where there is no message", 400, { error: "Bad Request" }, {}, "Bad Request (400 rejected, request req-1)"],
    ["several lines become one", 400, { message: "a\n\tb\u2028c" }, {}, "a b c (400 rejected, request req-1)"],
    ["odd bodies", 400, { message: { a: 1 } }, {}, "the vendor gave no reason (400 rejected, request req-1)"],
    ["no body", 400, undefined, {}, "the vendor gave no reason (400 rejected, request req-1)"],
    ["an odd request id is left out", 400, { message: "no" }, { "X-Request-ID": "x".repeat(200) }, "no (400 rejected)"],
  ])("%s", async (_, status, json, headers, text) => {
    const { api } = await vendor([{ status, json, headers }]);
    const error = await failure(api.ports.status("a"));
    expect(error.message).toBe(`GET /v1/ports/:id/status: ${text}`);
    expect(error.toString()).toBe(`ApiError: ${error.message}`);
  });

  test("isApiError distinguishes codes", async () => {
    const { api } = await vendor([{ status: 404 }]);
    const error = await failure(api.ports.status("a"));
    expect([isApiError(error), isApiError(error, "not_found"), isApiError(error, "conflict")]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isApiError(new Error("x")), isApiError(undefined)]).toEqual([false, false]);
  });
});

describe("failures of the wire", () => {
  const call: Call = { method: "POST", route: "/ports", path: "/ports", effect: "once" };
  const way = (code: string) => notConnected({ code }, { to: "api.test", byProxy: false });
  const wire = (thrown: unknown) => {
    const send = async () => {
      throw thrown;
    };
    return failure(
      withErrors(
        send,
        KEY,
        "api.test",
        serverClock(() => 0),
      )(call, 30_000),
    );
  };

  test.each([
    [way("ENOTFOUND"), "network", "no"],
    [way("EAI_AGAIN"), "network", "no"],
    [way("ECONNREFUSED"), "network", "no"],
    [{ code: "ETIMEDOUT", cause: way("ETIMEDOUT") }, "network", "no"],
    [way("CERT_HAS_EXPIRED"), "certificate", "no"],
    [way("ERR_TLS_CERT_ALTNAME_INVALID"), "certificate", "no"],
    [way("DEPTH_ZERO_SELF_SIGNED_CERT"), "certificate", "no"],
    [way("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"), "network", "no"],
    [{ code: "ECONNREFUSED", cause: { syscall: "connect" } }, "network", "maybe"],
    [{ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" }, "network", "maybe"],
    [{ code: "ETIMEDOUT", cause: { syscall: "read" } }, "network", "maybe"],
    [{ code: "ECONNRESET" }, "network", "maybe"],
    [{ code: "EPIPE" }, "network", "maybe"],
    [{ code: "ERR_CANCELED" }, "timeout", "maybe"],
    [{ code: "odd\ncode" }, "network", "maybe"],
    [undefined, "network", "maybe"],
  ])("%j", async (thrown, code, sent) => {
    const error = await wire(thrown);
    expect(error).toMatchObject({ code, sent, maybeDone: sent === "maybe" });
    expect(error.message).not.toContain("\n");
  });
});

describe("secrets", () => {
  beforeEach(() => fakeTimers());
  afterEach(() => jest.useRealTimers());

  const echo = `key ${KEY}, password ${PASSWORD}, ${JSON.stringify(PASSWORD)}, ${encodeURIComponent(PASSWORD)}, ${Buffer.from(KEY).toString("base64")}`;
  const ofKey = [KEY, Buffer.from(KEY).toString("base64")];
  const ofPassword = [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), encodeURIComponent(PASSWORD)];
  const replies: [string, Reply][] = [
    ...[400, 401, 403, 404, 409, 429, 500, 503].map((status): [string, Reply] => [
      `a ${status} that repeats them`,
      { status, json: { message: [echo, echo] }, headers: { "X-Request-ID": `r-${KEY}`, "Retry-After": "999" } },
    ]),
    ["a page that repeats them", { status: 502, text: `<html>${echo}</html>` }],
    ["half a JSON that repeats them", { text: `{"proxyPassword": "${echo}` }],
    [
      "a broken shape that repeats them",
      { json: { ...PORT, httpPort: echo, status: echo }, headers: { "X-Request-ID": KEY } },
    ],
    ["a redirect that repeats them", { status: 302, headers: { Location: `http://127.0.0.1/?k=${KEY}` } }],
    ["a hang", { by: () => jest.advanceTimersByTime(30_000) }],
    ["a cut", { by: (response) => response.socket!.destroy() }],
  ];

  test.each(replies)("are in no error: %s", async (_, reply) => {
    const { api, notices } = await vendor([reply]);
    const credentials = { proxyLogin: "team", proxyPassword: PASSWORD };
    const calls: [() => Promise<unknown>, string[]][] = [
      [() => api.ports.setCredentials("a", credentials), [...ofKey, ...ofPassword]],
      [() => api.ports.ping("a"), ofKey],
      [() => api.ports.list(), ofKey],
      [() => api.rotation.canRotate("a"), ofKey],
    ];
    for (const [call, forms] of calls) {
      const error = await failure(call());
      const inspected = inspect(error, { depth: 20, showHidden: true });
      for (const text of [error.message, error.stack, String(error), inspected, JSON.stringify(error), ...notices]) {
        for (const form of forms) expect(text).not.toContain(form);
      }
      expect(error).toBeInstanceOf(ApiError);
      expect(error.cause).toBeUndefined();
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: error.code, message: error.message });
    }
  });
});
