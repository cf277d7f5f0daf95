import type * as fs from "node:fs";
import type * as emulators from "../../emulator";
import { DAY, world } from "./harness";

test("the page comes with a policy of its own, and is no call of the API", async () => {
  const here = world();
  const answer = await here.app.request("/");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  expect(answer.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; .*connect-src 'self'; frame-ancestors 'none'$/,
  );
  expect(await answer.text()).not.toContain(here.apiKey);
  expect(here.control.requests()).toEqual([]);
  expect((await here.call("GET /v1/")).status).toBe(404);
});

test("its data is the world, in the vendor's time", async () => {
  const here = world();
  const port = await here.buy({ expiresAt: 10 * DAY });
  here.control.editPort(port._id, {
    usedTraffic: 2,
    healthStatus: "degraded",
    rotationSettings: { enabled: true, intervalSeconds: 3_600 },
  });
  here.control.clock.advance("90m");
  const { body } = await here.call("GET /_emulator/fleet", { key: null });
  expect(body).toEqual(JSON.parse(JSON.stringify(here.control.fleet())));
  expect(body).toMatchObject({
    takenAt: here.control.clock.now().getTime(),
    ports: {
      value: [
        {
          id: port._id,
          status: "active",
          health: "degraded",
          usedGB: 2,
          renewAt: port.expiresAt - DAY * 1_000,
          rotation: { enabled: true, count: 1 },
        },
      ],
    },
    account: {
      value: { shared: { slots: { total: 50, used: 1 }, trafficGB: { total: 100, used: 2, available: 98 } } },
    },
    usage: { value: { weekGB: { [port._id]: 2 } } },
    rotations: { value: { of: 1, byTrigger: { automatic: { succeeded: 1, failed: 0 } } } },
    calls: [{ method: "POST", path: "/v1/ports", status: 201 }],
  });
});

test("an answer without a change is not sent again", async () => {
  const here = world();
  const ask = (tag = "") => here.app.request("/_emulator/fleet", { headers: { "If-None-Match": tag } });
  const tag = (await ask()).headers.get("etag") ?? "";
  expect((await ask(tag)).status).toBe(304);
  const { _id } = await here.buy();
  const next = await ask(tag);
  expect(next.status).toBe(200);
  here.control.editPort(_id, { usedTraffic: 1 });
  expect((await ask(next.headers.get("etag") ?? "")).status).toBe(200);
});

test("another account is shown when it is asked for", async () => {
  const here = world();
  here.control.keys.addKey(undefined, "second");
  here.control.buyPort({ account: "second" });
  expect((await here.call("GET /_emulator/fleet?account=second")).body).toMatchObject({
    ports: { value: [{ name: "Proxy #1" }] },
  });
  expect((await here.call("GET /_emulator/fleet?account=third")).status).toBe(400);
});

test("without what the build makes of it, the page is missing and all else is there", async () => {
  jest.resetModules();
  jest.doMock("node:fs", () => ({
    ...jest.requireActual<typeof fs>("node:fs"),
    readFileSync: () => {
      throw new Error("ENOENT");
    },
  }));
  const emulator = jest.requireActual<typeof emulators>("../../emulator").createEmulator();
  const answer = await emulator.app.request("/");
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining("npm run build") as string]);
  const headers = { "X-API-Key": emulator.apiKey };
  expect((await emulator.app.request("/v1/ports", { headers })).status).toBe(200);
  jest.dontMock("node:fs").resetModules();
});
