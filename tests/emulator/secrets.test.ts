import { world } from "./harness";

test("neither log nor state shows a key, a password or a token", async () => {
  const here = world();
  const port = await here.buy();
  const key = here.control.keys.addKey();
  const wrong = "psx_canary_wrong_key";
  const { body } = await here.call("POST /v1/login/signin", {
    body: { email: "user@example.com", password: "emulator-password" },
    key: null,
  });
  const session = body["access_token"] as string;
  await here.call(`PUT /v1/ports/${port._id}/credentials`, {
    body: { proxyLogin: "me", proxyPassword: "canary-pass" },
  });
  await here.call(`PATCH /v1/ports/${port._id}/credentials`, {
    body: { nested: [{ password: "canary-nested", tokens: ["canary-list"], apiKey: 20251217 }] },
  });
  await here.call(`GET /v1/rotate/${port.rotationToken}`, { key: null });
  await here.call("GET /rotate/canary-token", { key: null });
  await here.call("GET /v1/ports?sessionToken=canary-query&page=1", { key });
  await here.call("GET /v1/ports", { key: wrong });
  await here.call(`GET /v1/ports/${wrong}`, { key });
  await here.call("GET /v1/ports", { key: null, headers: { Authorization: `Bearer ${session}` } });

  const secrets = [
    here.apiKey,
    key,
    wrong,
    session,
    port.rotationToken,
    port.proxyPassword,
    "canary",
    "20251217",
    "emulator-password",
  ];
  const shown = [
    here.control.requests(),
    here.control.state(),
    here.control.purchases(),
    ...(await Promise.all(
      ["state", "ports", "requests", "purchases", "fleet"].map((name) => here.call(`GET /_emulator/${name}`)),
    )),
  ].map((value) => JSON.stringify(value));
  for (const secret of secrets) for (const text of shown) expect(text).not.toContain(secret);

  expect(here.control.requests()).toHaveLength(10);
  expect(here.control.requests()[6]).toMatchObject({ query: { sessionToken: "[secret]", page: "1" } });
  const all = JSON.stringify((await here.call("GET /_emulator/state?secrets=1")).body);
  for (const secret of [key, "canary-pass", port.rotationToken]) expect(all).toContain(secret);
});
