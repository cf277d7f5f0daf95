import type * as pulumi from "@pulumi/pulumi";
import { receivedUrn, splitInputs, sentHidden, sentUrn } from "../../domain/hidden-inputs";
import {
  exposedNames,
  type ExposedName,
  type InputName,
  inputNames,
  isSetting,
  type KindName,
  kindOfType,
  KINDS,
  type Same,
  secretNames,
  shownInputs,
  typeOf,
} from "../../domain/kinds";
import * as provider from "../../provider";
import type * as sdk from "../../sdk";

/** What a class declares of its own; URLs are made from its outputs. */
type Declared<Class> = Exclude<keyof Class, keyof pulumi.CustomResource | "httpUrl" | "socks5Url">;

/** Compared by the compiler: this file does not compile where a class and the table differ. */
const CLASSES: { [K in KindName]: true } = {
  Port: true satisfies Same<Declared<sdk.Port>, ExposedName<"Port">>,
  RotationSettings: true satisfies Same<Declared<sdk.RotationSettings>, ExposedName<"RotationSettings">>,
  Credentials: true satisfies Same<Declared<sdk.Credentials>, ExposedName<"Credentials">>,
  OsFingerprint: true satisfies Same<Declared<sdk.OsFingerprint>, ExposedName<"OsFingerprint">>,
  Rotation: true satisfies Same<Declared<sdk.Rotation>, ExposedName<"Rotation">>,
  CountryChoice: true satisfies Same<Declared<sdk.CountryChoice>, ExposedName<"CountryChoice">>,
  TrafficPurchase: true satisfies Same<Declared<sdk.TrafficPurchase>, ExposedName<"TrafficPurchase">>,
  X402Lease: true satisfies Same<Declared<sdk.X402Lease>, ExposedName<"X402Lease">>,
};
const ARGUMENTS: { [K in KindName]: true } = {
  Port: true satisfies Same<keyof sdk.PortArgs, InputName<"Port">>,
  RotationSettings: true satisfies Same<keyof sdk.RotationSettingsArgs, InputName<"RotationSettings">>,
  Credentials: true satisfies Same<keyof sdk.CredentialsArgs, InputName<"Credentials">>,
  OsFingerprint: true satisfies Same<keyof sdk.OsFingerprintArgs, InputName<"OsFingerprint">>,
  Rotation: true satisfies Same<keyof sdk.RotationArgs, InputName<"Rotation">>,
  CountryChoice: true satisfies Same<
    keyof sdk.CountryChoiceArgs,
    Exclude<InputName<"CountryChoice">, "country" | "carrier">
  >,
  TrafficPurchase: true satisfies Same<keyof sdk.TrafficPurchaseArgs, InputName<"TrafficPurchase">>,
  X402Lease: true satisfies Same<keyof sdk.X402LeaseArgs, InputName<"X402Lease">>,
};

const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** What states, plans and messages rest on: each entry that goes from the table fails here. */
test.each<[KindName, { inputs: string; exposed: string; secrets: string; shown: string }]>([
  [
    "Port",
    {
      inputs: "country carrier cityId regionId slotType expiresIn renewBefore overlap onExpired osFingerprint",
      exposed:
        "portId name displayName serverIp httpPort socksPort proxyLogin proxyPassword rotationToken rotationUrl status " +
        "expiresAt renewAt createdAt countryCode carrierBrand retiring slotType",
      secrets: "proxyPassword rotationToken rotationUrl",
      shown: "country carrier cityId regionId slotType expiresIn renewBefore overlap onExpired osFingerprint",
    },
  ],
  [
    "RotationSettings",
    {
      inputs: "port enabled intervalSeconds matchCarrier matchCity excludedDeviceIds",
      exposed: "port enabled intervalSeconds matchCarrier matchCity excludedDeviceIds",
      secrets: "",
      shown: "enabled intervalSeconds matchCarrier matchCity excludedDeviceIds",
    },
  ],
  [
    "Credentials",
    {
      inputs: "port proxyLogin proxyPassword",
      exposed: "serverIp httpPort socksPort port proxyLogin proxyPassword",
      secrets: "proxyPassword __found",
      shown: "",
    },
  ],
  [
    "OsFingerprint",
    { inputs: "port osFingerprint", exposed: "label port osFingerprint", secrets: "", shown: "osFingerprint" },
  ],
  [
    "Rotation",
    {
      inputs: "port triggers",
      exposed: "lastRotatedAt rotationCount newIp port triggers",
      secrets: "",
      shown: "triggers",
    },
  ],
  [
    "CountryChoice",
    {
      inputs: "by countries slotType withCarrier triggers country carrier",
      exposed: "by countries slotType withCarrier triggers country carrier",
      secrets: "",
      shown: "by countries slotType withCarrier triggers country carrier",
    },
  ],
  [
    "TrafficPurchase",
    {
      inputs: "slotType amountGB maxPrice triggers",
      exposed: "boughtGB pricePaid pricePerGB purchaseId purchasedAt slotType amountGB triggers",
      secrets: "",
      shown: "slotType amountGB maxPrice triggers",
    },
  ],
  [
    "X402Lease",
    {
      inputs: "country carrier city tier trafficGB duration maxPrice maxTotal network proof renewBefore onExpired",
      exposed:
        "sessionId sessionToken wallet host httpPort socksPort username password rotationUrl status expiresAt renewAt " +
        "createdAt countryCode trafficAllocatedGB receipts tier network",
      secrets: "sessionToken password rotationUrl",
      shown: "country carrier city tier trafficGB duration maxPrice maxTotal network proof renewBefore onExpired",
    },
  ],
])("%s has just these names", (kind, { inputs, exposed, secrets, shown }) => {
  const found = [inputNames(kind), exposedNames(kind), secretNames(kind), shownInputs(kind)];
  expect(found.map((names) => names.join(" "))).toEqual([inputs, exposed, secrets, shown]);
  expect([CLASSES[kind], ARGUMENTS[kind]]).toEqual([true, true]);
});

test("each has a handler that the provider exports under that name", () => {
  const handlers = KIND_NAMES.map((kind) => KINDS[kind].handler);
  expect(Object.keys(provider).sort()).toEqual([...handlers].sort());
});

test("a type is of its kind, below a component too, and no other is", () => {
  for (const kind of KIND_NAMES) {
    expect(kindOfType(typeOf(kind))).toBe(kind);
    expect(kindOfType(`proxies-sx:index:ProxyFleet$${typeOf(kind)}`)).toBe(kind);
    expect(kindOfType(typeOf(kind, "plugin"))).toBe(kind);
  }
  expect(typeOf("Port", "plugin")).toBe("proxies-sx:index:Port");
  for (const other of [
    "",
    "aws:s3:Bucket",
    "pulumi-nodejs:dynamic/proxies-sx:constructor",
    "x:Port",
    "proxies-sx:index:ProxyFleet",
  ])
    expect(kindOfType(other)).toBeUndefined();
});

test("settings are those that belong to a port and are put back, and what is of no kind is none", () => {
  expect(KIND_NAMES.filter(isSetting)).toEqual(["RotationSettings", "Credentials", "OsFingerprint"]);
  expect(isSetting(undefined)).toBe(false);
});

describe("hidden inputs", () => {
  const TYPE = typeOf("Port");
  const received = (sent: Record<string, unknown>) => {
    const { args, hidden } = splitInputs({ country: "DE", gone: null, ...sent });
    return { args, hidden: { ...receivedUrn(sent, TYPE, "shop"), ...hidden } };
  };

  test("what is sent is what is received, and no input of the program", () => {
    const facts = { adopt: "a", slotType: "private", portId: "p", hold: 60 };
    const { args, hidden } = received(sentHidden<unknown>(facts));
    expect(args).toEqual({ country: "DE" });
    expect(hidden).toEqual(facts);
  });

  test.each([
    [undefined, { stack: "dev", name: "a::b" }, { urn: `urn:pulumi:dev::shop::${TYPE}::a::b` }],
    ["acme", { stack: "dev", name: "a" }, { owner: "acme", urn: `urn:pulumi:dev::shop::${TYPE}::a` }],
    ["acme", `urn:pulumi:dev::shop::x$${TYPE}::a b`, { owner: "acme", urn: `urn:pulumi:dev::shop::x$${TYPE}::a b` }],
    [undefined, `urn:pulumi:dev::shop::x$${TYPE}::a b`, { urn: `urn:pulumi:dev::shop::x$${TYPE}::a b` }],
  ])("a URN of owner %p at %p", (owner, at, expected) => {
    expect(received(sentHidden({ urn: sentUrn(owner, at) })).hidden).toEqual(expected);
  });

  test("what is undefined is not sent, and what is null or of another kind was not given", () => {
    expect(sentHidden({ urn: "u", adopt: undefined })).toEqual({ __urn: "u" });
    expect(received({ carrier: undefined, __adopt: 7, __slotType: null, __hold: "60" })).toEqual({
      args: { country: "DE" },
      hidden: {},
    });
  });

  test("names on the wire are those that states have", () => {
    expect(Object.keys(sentHidden<unknown>({ urn: "u", adopt: "a", slotType: "s", hold: 1, portId: "p" }))).toEqual([
      "__urn",
      "__adopt",
      "__slotType",
      "__hold",
      "__portId",
    ]);
  });
});
