import { type Api, checkApiKey, createApi, normaliseApiUrl } from "../../api";
import { accountApi } from "../../api/account";
import { billingApi } from "../../api/billing";
import { type Call } from "../../api/transport/call";
import { serverClock } from "../../api/transport/clock";
import { withErrors } from "../../api/transport/failures";
import { type Http } from "../../api/http";
import { portsApi } from "../../api/ports";
import { responseContext, type Reader } from "../../api/reading";
import { fitToKeep } from "../../api/words";
import { Redactor } from "../../text";
import { referenceApi } from "../../api/reference";
import { rotationApi } from "../../api/rotation";
import { toEpochMs } from "../../api/time";
import { EVERY_CALL } from "./every-call";
import { readInLinearTime, LONG } from "../text/linear-time";
import { ANSWERS } from "./samples";
import { someOf } from "../cases";

jest.setTimeout(300_000);

/** Pieces that patterns stumble over when they come again and again. */
const PIECES = ["a", " ", "\n", ".", "/", "/v1", "9", "a-", "%41", '"', "suspend ", "["];
const SECRET = "psx_secret_of_long_texts";
const CALL: Call = { method: "GET", effect: "once", route: "/ports", path: "/ports", scope: "ports:read" };

async function refused(text: string): Promise<void> {
  const answers = [
    { status: 400, headers: {}, text },
    { status: 403, headers: {}, text: JSON.stringify({ message: text }) },
    { status: 403, headers: {}, text: JSON.stringify({ message: `${text} scope ports:${text}`, error: text }) },
    {
      status: 429,
      headers: { "retry-after": text, date: text, "x-request-id": text },
      text: JSON.stringify({ message: [text, text] }),
    },
  ];
  for (const answer of answers) {
    const clock = serverClock(() => 0);
    let message = "";
    await readInLinearTime("a refusal", async () => {
      const call = withErrors(async () => answer, SECRET, "api.test", clock)(CALL, 1_000);
      message = await call.then(String, (error: Error) => error.message);
    });
    expect(message.length).toBeLessThanOrEqual(2_000);
  }
}

/** The client, whose every answer is `body`. */
function apiOf(body: unknown): Pick<Api, "ports" | "rotation" | "reference" | "account" | "billing"> {
  const answer = { status: 200, headers: {}, text: "" };
  const read = async (_: unknown, __: unknown, reader: Reader<unknown>) =>
    reader(
      structuredClone(body),
      responseContext(CALL, answer, () => {}, 0),
    );
  const http = { get: read, post: read, put: read, patch: read, delete: read, now: () => 0 } as unknown as Http;
  const ports = portsApi(http);
  return {
    ports,
    rotation: rotationApi(http, ports),
    reference: referenceApi(http),
    account: accountApi(http),
    billing: billingApi(http),
  };
}

/** The same, with each of its strings, and each of them but ids, that text. */
function filled(value: unknown, text: string, withIds: boolean): unknown {
  if (Array.isArray(value)) return value.map((part) => filled(part, text, withIds));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        !withIds && /^(_?id|code|serverIp|proxyLogin|proxyPassword)$|At$/.test(name)
          ? part
          : filled(part, text, withIds),
      ]),
    );
  }
  return typeof value === "string" ? text : value;
}

async function read(text: string): Promise<void> {
  for (const [name, call] of Object.entries(EVERY_CALL)) {
    for (const withIds of [true, false]) {
      const api = apiOf(filled(ANSWERS[name] ?? ANSWERS["ports.get"], text, withIds));
      let outcome: unknown;
      await readInLinearTime(name, async () => {
        outcome = await call(api as Api).catch((error: Error) => error.message);
      });
      const long = JSON.stringify(outcome ?? "").length;
      if (long > 10_000) throw new Error(`${name} gives ${long} characters`);
    }
  }
}

test.each(someOf(PIECES))(
  "outside text of %j again and again is read in linear time, wherever it is met",
  async (piece) => {
    const text = piece.repeat(LONG / piece.length);
    for (const url of [text, `https://a/${text}`, `https://a/${text}x`, `https://${text}`])
      await readInLinearTime("a URL", () => normaliseApiUrl(url));
    await readInLinearTime("a user agent", () => createApi({ apiKey: SECRET, userAgent: text }));
    for (const key of [text, `psx_${text}`]) await readInLinearTime("a key", () => checkApiKey(key));
    for (const time of [text, `2025-12-17T10:00:00.${text}`, `${text}Z`])
      await readInLinearTime("a time", () => toEpochMs(time));
    await readInLinearTime("a line", () => new Redactor([SECRET, text]).line(text));
    await readInLinearTime("words", () => fitToKeep([text], text, new Redactor([SECRET])));
    await refused(text);
    await read(text);
  },
);
