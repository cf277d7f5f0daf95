import { createApi } from "../../api";
import { answeredToo } from "../../api/transport/refusals";
import { READ_ONLY_KEY, startEmulator } from "../../emulator";
import { NEW_PORT, PORT } from "./samples";
import { Storm } from "./storm";
import { failure, vendors } from "./vendor";

const vendor = vendors();
const order = { countryId: "c", expiresInSeconds: 60 };

describe("which calls a 403 answers too", () => {
  const create = { scope: "ports:write", method: "POST", route: "/ports" } as const;
  const read = { scope: "ports:read", method: "GET", route: "/ports/:id" } as const;
  const tariffs = { scope: "ports:read", method: "GET", route: "/tariffs" } as const;
  const rows: [string | undefined, object, string, string][] = [
    ["ports:write", create, "API key lacks the required scope: ports:write", "the vendor names the scope"],
    ["ports:read", tariffs, "API key lacks the required scope: ports:read or billing:read", "it lacks both"],
    [
      undefined,
      tariffs,
      "API key lacks the required scope: billing:read",
      "another scope than was thought: ports can still be read",
    ],
    ["POST /ports", create, "Insufficient scope", "only this route is certain"],
    ["GET /ports/:id", read, "Missing scope", "only this route is certain"],
    ["GET /tariffs", tariffs, "Insufficient permissions", "a right that is no single port's"],
    [undefined, read, "You do not have permission to access this port", "the port may be another account's"],
    [undefined, create, "No available shared port slots: 5 of 5 are in use", "a slot may get free"],
    [undefined, create, "Insufficient permissions: no port slots left", "it speaks of slots, whatever else"],
    [undefined, create, "Your plan has no scope for more ports", "it speaks of the plan"],
    [undefined, read, "Port 67 is suspended", "it is this port's trouble"],
    [undefined, create, "Forbidden resource", "it says nothing"],
    [undefined, { method: "GET", route: "/rotate/:id" }, "Missing scope", "the call needs no scope"],
  ];
  test.each(rows)("%s, of %j: %s, for %s", (answers, call, reason) => {
    expect(answeredToo(call as typeof create, reason)).toBe(answers);
  });

  const ofTheOrder = "slot slots stock quota balance credit credits suspend suspended limit limited limits".split(" ");
  test.each([...ofTheOrder, "device", "devices", "subscription", "plan", "tier"])("none: it speaks of %s", (word) => {
    expect(answeredToo(create, `Insufficient scope: ${word}`)).toBeUndefined();
  });

  test.each(["permission", "permissions", "privilege", "privileges", "rights", "insufficient access"])(
    "the same route: it speaks of %s",
    (word) => expect(answeredToo(tariffs, `Missing: ${word}`)).toBe("GET /tariffs"),
  );
});

describe("a key that is refused", () => {
  const refusal = { status: 401, json: { message: "Invalid API key" } };

  test("is not sent again: the same error, marked, whatever the call", async () => {
    const { api, seen } = await vendor([refusal]);
    const first = await failure(api.ports.list());
    expect(first).toMatchObject({ code: "unauthorized", repeated: false, status: 401 });
    for (const call of [() => api.ports.list(), () => api.ports.create(order), () => api.account.get()]) {
      const again = await failure(call());
      expect(again).toMatchObject({ code: "unauthorized", repeated: true, status: 401, sent: "no", maybeDone: false });
      expect(again.reason).toBe(first.reason);
    }
    expect((await failure(api.ports.get("a"))).message).toBe(
      "GET /v1/ports/:id: Invalid API key (401 unauthorized, not sent, request req-1). Check the API key (apiKey; in Pulumi proxies-sx:apiKey or PROXIES_API_KEY)",
    );
    expect(seen.length).toBe(1);
  });

  test("in a crowd: one error is unmarked, and those in the queue are not sent", async () => {
    const storm = new Storm(() => ({ status: 401, latencyMs: 5 }));
    const lives = await storm.weather(Array.from({ length: 100 }, () => ({})));
    expect(lives.filter(({ error }) => error?.repeated === false).length).toBe(1);
    expect(lives.filter(({ error }) => error?.code !== "unauthorized")).toEqual([]);
    expect(storm.sent.length).toBe(16);
  });

  test("leaves calls without the key alone", async () => {
    const { api } = await vendor([refusal, { json: {} }]);
    await failure(api.ports.list());
    expect((await api.rotation.rotateByToken("a".repeat(32))).success).toBe(true);
  });

  test("is not meant by a 401 to a call without the key", async () => {
    const { api } = await vendor([refusal, { json: PORT }]);
    await failure(api.rotation.rotateByToken("a".repeat(32)));
    expect((await api.ports.get("a"))!.id).toBe(PORT._id);
  });

  test("after a write that may be done leaves it so", async () => {
    const { api } = await vendor([{ status: 503 }, refusal]);
    expect(await failure(api.ports.setOsFingerprint("a", ""))).toMatchObject({ code: "unauthorized", maybeDone: true });
  });

  test("belongs to its client alone", async () => {
    const one = await vendor([refusal]);
    await failure(one.api.ports.list());
    const other = await vendor([{ json: [PORT] }]);
    expect((await other.api.ports.list()).length).toBe(1);
  });
});

describe("a scope that is missing", () => {
  test("answers the calls that need it, and no others", async () => {
    const { api, calls } = await vendor(({ method }) =>
      method === "GET"
        ? { json: PORT }
        : { status: 403, json: { message: "API key lacks the required scope: ports:write" } },
    );
    expect(await failure(api.ports.create(order))).toMatchObject({ code: "forbidden", repeated: false });
    const again = await failure(api.ports.delete("a"));
    expect(again).toMatchObject({ code: "forbidden", repeated: true, sent: "no" });
    expect(again.message).toContain("The scope that this call needs: ports:write");
    await api.ports.get("a");
    expect(calls()).toEqual(["POST /v1/ports", "GET /v1/ports/a"]);
  });

  test("no slot answers no other call: the next order may find one", async () => {
    const { api, seen } = await vendor([
      { status: 403, json: { message: "No available shared port slots: 5 of 5 are in use" } },
      { json: NEW_PORT },
    ]);
    const refused = await failure(api.ports.create(order));
    expect(refused.repeated).toBe(false);
    expect(refused.message).not.toContain("scope"); // no other scope would help
    expect((await api.ports.create(order)).id).toBe(NEW_PORT._id);
    expect(seen.length).toBe(2);
  });

  test("as the emulator says it", async () => {
    const emulator = await startEmulator();
    const reader = createApi({ apiKey: READ_ONLY_KEY, apiUrl: emulator.url });
    const writes = await Promise.all(Array.from({ length: 40 }, () => failure(reader.ports.create(order))));
    const sent = emulator.control.requests().filter(({ method }) => method === "POST").length;
    await reader.ports.list();
    reader.close();
    await emulator.close();
    expect(writes.filter(({ repeated }) => !repeated).length).toBe(1);
    expect(sent).toBeLessThanOrEqual(16);
  });
});
