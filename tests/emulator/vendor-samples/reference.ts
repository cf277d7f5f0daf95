import { GERMANY } from "../harness";
import { place } from "./port";
import { at, type Sample } from "./sample";
import { like, list, number, objectId, oneOf, type Shape, text, whole } from "./shape";

export const REFERENCE: readonly Sample[] = [
  {
    endpoint: "GET /countries/with-devices",
    scope: "ports:read",
    make: at("/countries/with-devices"),
    answer: list({
      _id: objectId,
      ...place,
      iso3: like(/^[A-Z]{3}$/),
      phoneCode: like(/^\+\d+$/),
      freeDeviceCount: whole,
    }),
    besides: { M: "[].isActive" },
  },
  {
    endpoint: "GET /carriers/country/:countryId",
    scope: "ports:read",
    make: at(`/carriers/country/${GERMANY}?withDevice=true`),
    answer: list(
      ...[{ mcc: like(/^\d{3}$/), mnc: like(/^\d{2,3}$/) } as Record<string, Shape>, {}].map((codes) => ({
        _id: objectId,
        name: text,
        brand: text,
        ...codes,
        technology: text,
        freeDeviceCount: whole,
      })),
    ),
    besides: { M: "[].code" },
  },
  {
    endpoint: "GET /tariffs",
    scope: "ports:read",
    make: at("/tariffs"),
    answer: list(
      ...(
        [
          [oneOf("PortsShared", "PortsPrivate"), "portRange", "ports", "slot", "monthly"],
          [oneOf("TrafficShared", "TrafficPrivate"), "trafficRange", "traffic", "gb", "one-time"],
        ] as const
      ).map(([type, range, resource, unit, period]) => ({
        _id: objectId,
        type,
        price: number,
        [range]: { min: whole, max: whole },
        category: oneOf("shared", "private"),
        resourceType: oneOf(resource),
        pricePerUnit: number,
        unitType: oneOf(unit),
        billingPeriod: oneOf(period),
        displayName: text,
      })),
    ),
  },
];
