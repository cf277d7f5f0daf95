import { countryChoice } from "../../provider/country-choice/handler";
import { credentials } from "../../provider/credentials";
import { type AnyHandler } from "../../provider/handler";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { rotation } from "../../provider/rotation";
import { rotationSettings } from "../../provider/rotation-settings";
import { trafficPurchase } from "../../provider/traffic-purchase";
import { Life, World } from "./life";

/** Every shape of a state that a release has written. Add a row with each release that changes one, never edit a row. */
const STATES: Record<
  string,
  {
    handler: AnyHandler<never, never>;
    args: Record<string, unknown>;
    outs: Record<string, unknown>;
    /** Where it is not the vendor's id of the port. */
    id?: string;
  }[]
> = {
  "0.1": [
    {
      handler: port as never,
      args: { country: "DE", carrier: "Vodafone", slotType: "shared", expiresIn: "30d" },
      outs: {
        country: "DE",
        carrier: "Vodafone",
        slotType: "shared",
        expiresIn: "30d",
        portId: "$id",
        name: "psx_772632_h2era6",
        displayName: "Proxy #1",
        serverIp: "$serverIp",
        httpPort: 8000,
        socksPort: 5000,
        proxyLogin: "$proxyLogin",
        proxyPassword: "$proxyPassword",
        rotationToken: "$rotationToken",
        rotationUrl: "https://x",
        status: "active",
        expiresAt: "2999-01-01T00:00:00.000Z",
        renewAt: "2998-12-29T00:00:00.000Z",
        createdAt: "2026-11-24T00:00:00.000Z",
        countryCode: "DE",
        carrierBrand: "Vodafone",
      },
    },
    {
      handler: rotationSettings as never,
      args: { port: "$id", enabled: true, intervalSeconds: 1800 },
      outs: { port: "$id", enabled: true, intervalSeconds: 1800, __found: { enabled: false, intervalSeconds: 1800 } },
    },
    {
      handler: credentials as never,
      args: { port: "$id", proxyLogin: "team-a", proxyPassword: "p" },
      outs: {
        port: "$id",
        proxyLogin: "team-a",
        proxyPassword: "p",
        serverIp: "$serverIp",
        httpPort: 8000,
        socksPort: 5000,
        __found: { proxyLogin: "l", proxyPassword: "q" },
      },
    },
    {
      handler: osFingerprint as never,
      args: { port: "$id", osFingerprint: "windows:1" },
      outs: { port: "$id", osFingerprint: "windows:1", label: "Windows 10", __found: "" },
    },
    {
      handler: rotation as never,
      args: { port: "$id", triggers: ["v1"] },
      outs: {
        port: "$id",
        triggers: ["v1"],
        lastRotatedAt: "2026-11-24T00:00:00.000Z",
        rotationCount: 1,
        newIp: "198.18.0.1",
      },
    },
    {
      handler: countryChoice as never,
      args: {
        by: "stock",
        countries: ["PL", "DE"],
        slotType: "shared",
        withCarrier: true,
        triggers: ["v1"],
        country: "PL",
        carrier: "Polkomtel Sp. z o.o.",
      },
      outs: {
        by: "stock",
        countries: ["PL", "DE"],
        slotType: "shared",
        withCarrier: true,
        triggers: ["v1"],
        country: "PL",
        carrier: "Polkomtel Sp. z o.o.",
      },
    },
  ],
  "0.1, with renewals in place": [
    {
      handler: port as never,
      args: { country: "DE", carrier: "Vodafone", slotType: "shared", expiresIn: "30d", overlap: "30d" },
      outs: {
        country: "DE",
        carrier: "Vodafone",
        slotType: "shared",
        expiresIn: "30d",
        overlap: "30d",
        portId: "$id",
        name: "psx_772632_h2era6",
        displayName: "Proxy #1",
        serverIp: "$serverIp",
        httpPort: 8000,
        socksPort: 5000,
        proxyLogin: "$proxyLogin",
        proxyPassword: "$proxyPassword",
        rotationToken: "$rotationToken",
        rotationUrl: "https://x",
        status: "active",
        expiresAt: "2999-01-01T00:00:00.000Z",
        renewAt: "2998-12-29T00:00:00.000Z",
        createdAt: "2026-11-24T00:00:00.000Z",
        countryCode: "DE",
        carrierBrand: "Vodafone",
        retiring: [{ portId: "$other", since: "2999-01-01T00:00:00.000Z", expiresAt: "2999-02-01T00:00:00.000Z" }],
      },
    },
    ...[
      [rotationSettings, { enabled: true, intervalSeconds: 1800 }, { __found: { enabled: false } }] as const,
      [credentials, { proxyLogin: "team-a", proxyPassword: "p" }, { __found: { proxyLogin: "l" } }] as const,
      [osFingerprint, { osFingerprint: "windows:1" }, { label: "Windows 10", __found: "" }] as const,
    ].map(([handler, args, found]) => ({
      handler: handler as never,
      args: { port: "first-port", ...args, __portId: "$id" },
      outs: { port: "first-port", ...args, ...found, __portId: "$id" },
      id: "first-port",
    })),
  ],
  "0.1, with purchases of traffic": [
    {
      handler: trafficPurchase as never,
      args: { slotType: "shared", amountGB: 5, maxPrice: 30, triggers: ["v1"] },
      outs: {
        slotType: "shared",
        amountGB: 5,
        triggers: ["v1"],
        boughtGB: 15,
        pricePaid: 20,
        pricePerGB: 4,
        purchaseId: "69276bf1f547dfc948699263",
        purchasedAt: "2026-11-24T00:00:00.000Z",
        __countedGB: 5,
        __purchases: ["5d1c4a3e-8a39-4e1b-9f0e-0a4f6f1f6a11"],
      },
      id: "5d1c4a3e-8a39-4e1b-9f0e-0a4f6f1f6a11",
    },
  ],
};

const rows = Object.entries(STATES).flatMap(([release, states]) =>
  states.map((state, index) => [release, index, state] as const),
);

it.each(rows)(
  "a state of release %s, row %p, finds no change, is read, updated and deleted",
  async (_release, _index, { handler, args, outs, id: own }) => {
    const world = await World.open();
    try {
      const [one, other] = [1, 2].map(() => world.emulator.control.buyPort({ country: "DE", carrier: "Vodafone" }));
      const bought: Record<string, unknown> = { ...one, other: other?.id };
      const fill = (props: Record<string, unknown>): Record<string, unknown> =>
        JSON.parse(JSON.stringify(props), (_key, value: unknown) =>
          typeof value === "string" && value.startsWith("$") ? bought[value.slice(1)] : value,
        ) as Record<string, unknown>;
      const process = new Life(handler, world).process();
      const id = own ?? (bought.id as string);
      const [news, olds] = [fill(args), { ...fill(outs), __provider: "text" }];
      expect(await process.check(news, news)).toMatchObject({ failures: [] });
      expect(await process.diff(id, olds, news)).toMatchObject({ changes: false });
      const read = await process.read(id, olds);
      expect(read.id).toBe(id);
      expect(Object.keys(read.props ?? {})).toEqual(
        expect.arrayContaining(Object.keys(outs).filter((key) => !key.startsWith("__provider"))),
      );
      await process.update(id, olds, news);
      await process.delete(id, olds);
    } finally {
      await world.close();
    }
  },
);

it("a state of release 0.1 whose lease is due is renewed in place, with its settings, by one purchase", async () => {
  const world = await World.open();
  try {
    const bought = world.emulator.control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: 864_000 });
    world.emulator.control.clock.advance("228h");
    const [lease, , login] = STATES["0.1"] as [{ args: object; outs: object }, unknown, { args: object; outs: object }];
    const times = {
      expiresAt: new Date(bought.expiresAt).toISOString(),
      createdAt: new Date(bought.createdAt).toISOString(),
    };
    const urn = "urn:pulumi:dev::test::t::a";
    const news = { ...lease.args, expiresIn: "10d", __urn: urn, __protected: true };
    const olds = { ...lease.outs, expiresIn: "10d", portId: bought.id, ...times };
    const process = new Life(port as never, world).process();
    await process.check(news, news);
    expect(await process.diff(bought.id, olds, news)).toEqual({ changes: true });
    const { outs } = await process.update(bought.id, olds, news);
    expect(outs).toMatchObject({ retiring: [{ portId: bought.id }] });
    expect(world.emulator.control.purchases()).toHaveLength(2);

    const settings = new Life(credentials as never, world).process();
    const [wanted, had] = [login.args, login.outs].map((props) => ({ ...props, port: bought.id }));
    const hidden = { ...wanted, __portId: outs.portId, __urn: `${urn}-login` };
    expect(await settings.diff(bought.id, had as never, hidden)).toEqual({ changes: true });
    await settings.update(bought.id, had as never, hidden);
    expect(world.emulator.control.port(outs.portId as string)).toMatchObject({ proxyLogin: "team-a" });
  } finally {
    await world.close();
  }
});
