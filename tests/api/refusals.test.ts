import { ApiError, type ErrorCode, type Sent } from "../../api";
import { type Answer, type Call } from "../../api/transport/call";
import { factsOf, inSeconds, isApiError, LOOK_FIRST, undefinedIf } from "../../api/transport/errors";
import { nameOf, notConnected } from "../../api/transport/not-connected";
import { refusal } from "../../api/transport/refusals";
import { Redactor } from "../../text";

const READ: Call = { method: "GET", route: "/ports", path: "/ports", effect: "none", scope: "ports:read" };
const ORDER: Call = { method: "POST", route: "/ports", path: "/ports", effect: "once", scope: "ports:write" };
const NOW = Date.parse("2025-12-17T10:00:00Z");
const CHECK_URL = "Check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)";
const CHECK_KEY = "Check the API key (apiKey; in Pulumi proxies-sx:apiKey or PROXIES_API_KEY)";

const answer = (status: number, more: Partial<Answer> = {}): Answer => ({ status, headers: {}, text: "", ...more });
const refused = (call: Call, told: Answer, serverNow: number | undefined = NOW): ApiError =>
  refusal(call, told, new Redactor(["canary"]), serverNow);

describe("a status says what went wrong, and whether it may have been done", () => {
  test.each<[number, ErrorCode, Sent]>([
    [301, "rejected", "refused"],
    [302, "rejected", "maybe"], // a common answer to a POST that was carried out
    [303, "rejected", "maybe"],
    [307, "rejected", "refused"],
    [400, "rejected", "refused"],
    [401, "unauthorized", "refused"],
    [402, "rejected", "refused"],
    [403, "forbidden", "refused"],
    [404, "not_found", "refused"],
    [409, "conflict", "refused"],
    [429, "rate_limited", "refused"],
    [499, "rejected", "refused"],
    [500, "server_error", "maybe"],
    [503, "server_error", "maybe"],
  ])("%i is %s, sent: %s", (status, code, sent) => {
    expect(refused(ORDER, answer(status))).toMatchObject({ status, code, sent, maybeDone: sent === "maybe" });
    expect(refused(READ, answer(status))).toMatchObject({ status, code, sent, maybeDone: false });
    expect(refused({ ...ORDER, isPayment: true }, answer(status))).toMatchObject({ sent: "maybe", maybeDone: true });
  });
});

describe("a refusal says what to do", () => {
  const told = (message: string) => ({ text: JSON.stringify({ message }) });
  test.each<[string, Call, Answer, string | undefined]>([
    ["of the key", READ, answer(401), CHECK_KEY],
    ["of no key", { ...READ, withoutKey: true }, answer(401), undefined],
    ["of a right", READ, answer(403), "The scope that this call needs: ports:read"],
    ["of what needs no scope", { ...READ, scope: undefined }, answer(403), undefined],
    ["of this order", ORDER, answer(403, told("No slots left")), undefined],
    ["of its rate, with a time", READ, answer(429, { headers: { "retry-after": "7" } }), "Try again in 7 s"],
    ["of its rate", READ, answer(429), undefined],
    ["by another place", READ, answer(300), CHECK_URL],
    ["by another place, at the end of those", READ, answer(399), CHECK_URL],
    ["that is trouble", READ, answer(500), undefined],
    ["that is trouble with an order", ORDER, answer(500), LOOK_FIRST],
    ["that is trouble with an order, with a time", ORDER, answer(503, { headers: { "retry-after": "7" } }), LOOK_FIRST],
    ["that HTTP does not know", READ, answer(99), undefined],
    ["of an order", ORDER, answer(400), undefined],
    ["of a payment", { ...ORDER, isPayment: true }, answer(401), LOOK_FIRST],
  ])("%s", (_what, call, told, hint) => {
    const { message } = refused(call, told);
    // Some hints end as a line without one does.
    if (hint === undefined) expect(message).toMatch(/^[^)]*\)$/);
    else expect(message).toContain(`). ${hint}`);
  });
});

describe("the vendor's words", () => {
  const none = "the vendor gave no reason";
  test.each<[unknown, string]>([
    [{ message: "no" }, "no"],
    [{ message: ["a", 5, "b"] }, "a, b"],
    [{ message: " ", error: "Bad Request" }, "Bad Request"],
    [{ message: [], error: "Bad Request" }, "Bad Request"],
    [{ message: 5, error: " " }, none],
    [{ error: 5 }, none],
    [["no"], none],
    ["no", none],
    [null, none],
    [{ message: "the key canary is odd" }, "the key [secret] is odd"],
  ])("of %j are %j", (body, reason) => {
    expect(refused(READ, answer(400, { text: JSON.stringify(body) })).reason).toBe(reason);
  });

  test("of a page or of a redirect are none of an error", () => {
    expect(refused(READ, answer(400, { text: "<html>" })).reason).toBe(none);
    const redirect = "the API answered with a redirect, which is not followed";
    const moved = [299, 300, 399, 400].map((status) => refused(READ, answer(status, { text: '{"message": "moved"}' })));
    expect(moved.map(({ reason }) => reason)).toEqual(["moved", redirect, redirect, "moved"]);
  });
});

describe("Retry-After", () => {
  const at = (text: string, serverNow?: number) =>
    refused(READ, answer(503, { headers: { "retry-after": text } }), serverNow).retryAfterSeconds;
  test.each<[string, number | undefined]>([
    ["7", 7],
    [" 7 ", 7],
    ["0", 0],
    ["1.25", 2],
    ["7s", undefined],
    ["-7", undefined],
    ["1e3", undefined],
    ["9".repeat(400), 1e9],
    ["Wed, 17 Dec 2025 10:00:30 GMT", 30],
    ["Wed, 17 Dec 2025 09:59:00 GMT", 0],
    ["Wed, 17 Dec 9999 10:00:00 GMT", 1e9],
    ["17 Dec 2025 10:00:30 GMT", undefined],
    ["2025-12-17T10:00:30Z", undefined],
    ["Wed, soon", undefined],
    ["", undefined],
  ])("%j", (text, seconds) => expect(at(text, NOW)).toBe(seconds));

  test("counts by the vendor's clock: without it, a date says nothing", () => {
    const told = answer(503, { headers: { "retry-after": "Wed, 17 Dec 2025 10:00:30 GMT" } });
    expect(refusal(READ, told, new Redactor([]), undefined).retryAfterSeconds).toBeUndefined();
    expect(refused(READ, answer(503)).retryAfterSeconds).toBeUndefined();
  });
});

describe("who did not answer, why, and what to do", () => {
  const check = "check the API URL (apiUrl; in Pulumi proxies-sx:apiUrl or PROXIES_API_URL)";
  const checkProxy = "check HTTPS_PROXY, ALL_PROXY and NO_PROXY";
  test.each<[string, boolean, string]>([
    ["ENOTFOUND", false, `The name is not known here: ${check} and the network`],
    ["EAI_AGAIN", true, `The name is not known here: ${checkProxy} and the network`],
    ["ECONNREFUSED", false, `Nothing listens there: ${check}`],
    ["ECONNREFUSED", true, `Nothing listens there: ${checkProxy}`],
    ["EPROTO", false, `What answers there does not agree on TLS: ${check}`],
    ["ERR_SSL_WRONG_VERSION_NUMBER", false, `What answers there does not agree on TLS: ${check}`],
    ["EPROTONOSUPPORT", false, `Nothing was sent: ${check} and the network`],
    ["ETIMEDOUT", true, `Nothing was sent: ${checkProxy} and the network`],
  ])("%s, by a proxy: %s", (code, byProxy, hint) => {
    const { facts } = notConnected({ code }, { to: "api.test", byProxy });
    expect(facts).toEqual({ code: "network", reason: `no connection to api.test: ${code}`, hint });
  });

  test("late, or without trust", () => {
    const way = { to: "api.test", byProxy: true };
    expect(notConnected({ code: "ECONNREFUSED" }, { ...way, lateAfterMs: 10_000 }).facts).toEqual({
      ...{ code: "timeout", reason: "no connection to api.test within 10 s" },
      hint: `Nothing was sent: ${checkProxy} and the network`,
    });
    expect(notConnected({ code: "CERT_HAS_EXPIRED" }, way).facts).toEqual({
      ...{ code: "certificate", reason: "the certificate of api.test is not trusted: CERT_HAS_EXPIRED" },
      hint: "Nothing was sent. Where a company's gateway opens TLS, name the file of its CA in NODE_EXTRA_CA_CERTS",
    });
    const first = notConnected({ code: "EPROTO" }, way);
    expect(notConnected(first, { ...way, lateAfterMs: 1 })).toBe(first);
  });

  test.each<[unknown, string]>([
    [{ code: "ECONNRESET" }, "ECONNRESET"],
    [{ errors: [{ code: "ENETUNREACH" }, { code: "ECONNREFUSED" }] }, "ENETUNREACH"],
    [{ errors: [] }, "unknown"],
    [{ code: "no code\n" }, "unknown"],
    [{ code: "X".repeat(61) }, "unknown"],
    [{ code: 5 }, "unknown"],
    [undefined, "unknown"],
  ])("%j has the name %s", (thrown, name) => expect(nameOf(thrown)).toBe(name));
});

describe("an error's line", () => {
  const error = (more: object) => new ApiError({ ...factsOf(READ, "no"), code: "network", reason: "cut", ...more });
  test.each<[object, string]>([
    [{}, "GET /v1/ports: cut (network)"],
    [factsOf({ ...READ, outsideV1: true }, "no"), "GET /ports: cut (network)"],
    [{ method: undefined }, "cut (network)"],
    [{ route: undefined }, "cut (network)"],
    [{ status: 503, tries: 1 }, "GET /v1/ports: cut (503 network)"],
    [{ tries: 2, requestId: "r1" }, "GET /v1/ports: cut (network, 2 tries, request r1)"],
    [{ repeated: true }, "GET /v1/ports: cut (network, not sent)"],
    [{ repeated: true, sent: "refused" }, "GET /v1/ports: cut (network)"],
    [{ reason: "Busy. " }, "GET /v1/ports: Busy (network)"],
    [{ reason: "Version 1.2 is too old." }, "GET /v1/ports: Version 1.2 is too old (network)"],
    [{ reason: "wait..." }, "GET /v1/ports: wait (network)"],
    [{ efforts: "Gave up", hint: "Look" }, "GET /v1/ports: cut (network). Gave up. Look"],
  ])("of %j", (more, line) => expect(error(more).message).toBe(line));

  test("is in its JSON, with what is known and no more", () => {
    const { message } = error({});
    expect(error({}).toJSON()).toEqual({
      ...{ name: "ApiError", code: "network", reason: "cut", method: "GET", route: "/ports" },
      ...{ sent: "no", maybeDone: false, repeated: false, message },
    });
    const facts = { status: 503, requestId: "r1", retryAfterSeconds: 0 };
    expect(error(facts).toJSON()).toMatchObject(facts);
    expect(new ApiError({ code: "invalid_input", reason: "no" })).toMatchObject({ sent: "no", maybeDone: false });
  });
});

describe("an error", () => {
  const gone = new ApiError({ ...factsOf(READ, "refused"), code: "not_found", reason: "gone", status: 404 });

  test("with some facts replaced keeps the others", () => {
    const message = "GET /v1/ports: gone (404 not_found, 2 tries)";
    expect(gone.but({ tries: 2 })).toMatchObject({ code: "not_found", status: 404, sent: "refused", message });
  });

  test.each<[string, unknown, ErrorCode | undefined, boolean]>([
    ["of any code", gone, undefined, true],
    ["of this code", gone, "not_found", true],
    ["of another code", gone, "conflict", false],
    ["that only looks like one", { code: "not_found" }, "not_found", false],
    ["that is another's", new Error("gone"), undefined, false],
  ])("%s", (_what, thrown, code, is) => expect(isApiError(thrown, code)).toBe(is));

  test("of one code is no answer, any other goes on", () => {
    expect(undefinedIf("not_found")(gone)).toBeUndefined();
    expect(() => undefinedIf("conflict")(gone)).toThrow(gone);
  });
});

test.each([
  [0, "0 s"],
  [250, "0.25 s"],
  [1_234, "1.2 s"],
  [9_999, "10 s"],
  [10_999, "10 s"],
  [599_999, "599 s"],
  [600_000, "600 s (10 min)"],
  [7_199_000, "7199 s (120 min)"],
  [7_200_000, "7200 s (2 h)"],
  [86_400_000, "86400 s (24 h)"],
])("%i ms are %s", (ms, text) => expect(inSeconds(ms)).toBe(text));
