import { type ErrorCode, type Sent } from "../../api";
import { mayRetry } from "../../api/transport/retry";
import { NEW_PORT, PORT } from "./samples";
import { Storm } from "./storm";
import { failure, vendors } from "./vendor";

const vendor = vendors();
const order = { countryId: "c", expiresInSeconds: 60 };

describe("may it be sent again?", () => {
  const read = { effect: "none" } as const;
  const write = { effect: "repeatable" } as const;
  const act = { effect: "once" } as const;
  const rows: [boolean, { effect: "none" | "repeatable" | "once" }, ErrorCode, Sent, string][] = [
    [true, read, "network", "maybe", "reading twice harms nobody"],
    [true, read, "timeout", "maybe", "reading twice harms nobody"],
    [true, read, "server_error", "maybe", "it often passes"],
    [true, read, "rate_limited", "refused", "the vendor asks to come back"],
    [true, write, "network", "maybe", "writing the same again changes nothing"],
    [true, write, "timeout", "maybe", "writing the same again changes nothing"],
    [true, write, "server_error", "maybe", "writing the same again changes nothing"],
    [true, write, "rate_limited", "refused", "refused before any work"],
    [true, act, "rate_limited", "refused", "refused before any work"],
    [true, act, "network", "no", "it never left this machine"],
    [false, act, "network", "maybe", "a lost order may have bought a port"],
    [false, act, "timeout", "maybe", "a lost order may have bought a port"],
    [false, act, "server_error", "maybe", "a 5xx may come after the work"],
    [false, act, "bad_answer", "maybe", "it was done, only its answer is unreadable"],
    [false, read, "bad_answer", "maybe", "the same question gets the same answer"],
    [false, write, "bad_answer", "maybe", "it was done"],
    [false, read, "certificate", "no", "trust does not come by waiting"],
    [false, read, "unauthorized", "refused", "the key stays wrong"],
    [false, read, "forbidden", "refused", "the scope stays missing"],
    [false, read, "not_found", "refused", "it stays gone"],
    [false, write, "conflict", "refused", "somebody must decide"],
    [false, write, "rejected", "refused", "the request stays wrong"],
    [false, act, "invalid_input", "no", "the request stays wrong"],
  ];
  test.each(rows)("%s: %j after %s (sent: %s), for %s", (expected, call, code, sent) => {
    expect(mayRetry(call, { code, sent })).toBe(expected);
  });
});

describe("was it tried often enough?", () => {
  const live = async (...statuses: number[]) => {
    let at = 0;
    const storm = new Storm(() => ({ status: statuses[Math.min(at++, statuses.length - 1)]!, retryAfter: "0" }));
    return (await storm.weather([{}]))[0]!;
  };

  test.each([
    [30, 429, "thirty refusals are an answer"],
    [5, 500, "trouble that lasts is no passing trouble"],
  ])("%d × %d, for %s", async (tries, status) => {
    const { error } = await live(status);
    expect(error!.message).toContain(`${tries} tries, ${tries} × ${status}`);
  });

  test("counted apart: a storm of refusals leaves tries for trouble", async () => {
    const storm = [...Array<number>(29).fill(429), ...Array<number>(4).fill(500)];
    expect(await live(...storm, 200)).not.toHaveProperty("error");
    expect((await live(...storm, 500)).error!.message).toContain("34 tries, 29 × 429, 5 × 500");
  });
});

describe("what Retry-After says", () => {
  test.each([
    ["seconds", { "Retry-After": "7" }, 7000],
    ["zero", { "Retry-After": "0" }, 0],
    [
      "an HTTP date, counted from the answer's own Date",
      { "Retry-After": "Wed, 17 Dec 2025 10:00:30 GMT", Date: "Wed, 17 Dec 2025 10:00:00 GMT" },
      30_000,
    ],
    [
      "a date that has passed",
      { "Retry-After": "Wed, 17 Dec 2025 09:00:00 GMT", Date: "Wed, 17 Dec 2025 10:00:00 GMT" },
      0,
    ],
    ["an absurd number that still fits", { "Retry-After": "119" }, 119_000],
  ])("Retry-After as %s", async (_, headers, ms) => {
    const { api, waits } = await vendor([{ status: 429, headers }, { json: PORT }]);
    await api.ports.get("a");
    expect(waits).toEqual([ms + 250]);
  });

  test.each([["soon"], [""], ["-5"], ["5 minutes"], ["12:00"]])(
    "Retry-After of no meaning (%j) is ignored",
    async (value) => {
      const { api, waits } = await vendor([{ status: 503, headers: { "Retry-After": value } }, { json: PORT }]);
      await api.ports.get("a");
      expect(waits).toEqual([250]);
    },
  );
});

describe("over the wire", () => {
  test("a read outlasts trouble", async () => {
    const { api, seen, waits } = await vendor([{ status: 500 }, { status: 503 }, { status: 429 }, { json: PORT }]);
    expect((await api.ports.get("a"))!.id).toBe(PORT._id);
    expect(seen.length).toBe(4);
    expect(waits).toEqual([250, 500, 250]); // the pause after a 429 is that of all calls, and their first
  });

  test("an order that was refused for its rate is sent again with the same key", async () => {
    const { api, seen } = await vendor([{ status: 429 }, { status: 429 }, { json: NEW_PORT }]);
    expect((await api.ports.create({ ...order, idempotencyKey: "key-12345" })).id).toBe(NEW_PORT._id);
    expect(seen.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-12345", "key-12345", "key-12345"]);
  });

  test("an order refused, then lost, may have bought", async () => {
    const { api } = await vendor([{ status: 429 }, { status: 500 }]);
    expect(await failure(api.ports.create(order))).toMatchObject({ code: "server_error", maybeDone: true });
  });

  test("a write that was lost, then refused, may be done", async () => {
    const { api } = await vendor([{ status: 500 }, { status: 400, json: { message: "no" } }]);
    const error = await failure(api.ports.setOsFingerprint("a", ""));
    expect(error).toMatchObject({ code: "rejected", sent: "refused", maybeDone: true });
    expect(error.message).toContain("(400 rejected, 2 tries, request req-1)");
  });

  test("nobody knows what a delete did whose answer was lost, when the port is gone", async () => {
    const { api } = await vendor([{ status: 500 }, { status: 404 }]);
    expect(await api.ports.delete("a")).toBeUndefined();
  });

  test("a wait beyond the deadline is not begun", async () => {
    const { api, seen, waits } = await vendor([
      { status: 429, json: { message: "Cooldown" }, headers: { "Retry-After": "300" } },
    ]);
    const error = await failure(api.rotation.rotate("a"));
    expect(error.message).toBe(
      "POST /v1/ports/:id/rotate: Cooldown (429 rate_limited, request req-1). The vendor asks to wait 300 s, this call has 120 s left of the 120 s that calls may take",
    );
    expect(error).toMatchObject({ code: "rate_limited", retryAfterSeconds: 300, maybeDone: false });
    expect([seen.length, waits]).toEqual([1, []]);
  });

  test("the rate is waited for until the deadline, trouble for five tries", async () => {
    const limited = await vendor([{ status: 429, headers: { "Retry-After": "10" } }]);
    expect((await failure(limited.api.ports.get("a"))).message).toContain(
      "Gave up after 112 s: 12 tries, 12 × 429. The vendor asks to wait 10 s, this call has 7 s left of the 120 s",
    );
    expect(limited.seen.length).toBe(12);
    const hasty = await vendor([{ status: 429, headers: { "Retry-After": "0" } }]);
    await failure(hasty.api.ports.get("a"));
    expect(hasty.seen.length).toBe(30);
    const broken = await vendor([{ status: 500 }]);
    await failure(broken.api.ports.get("a"));
    expect(broken.seen.length).toBe(5);
  });
});
