import { z } from "zod";
import { count, informingId, kind, listOf, quantity, requiredName, text, word } from "./fields";
import { type Http } from "./http";
import { path } from "./path";
import { listed, present, reader } from "./reading";

/** A country in which the vendor has devices. */
export interface Country {
  /** The vendor's id. */
  id: string;
  /** English name, e.g. "Germany". */
  name: string;
  /** ISO 3166-1 alpha-2, e.g. "DE". */
  code: string;
  /** ISO 3166-1 alpha-3, e.g. "DEU". */
  iso3?: string;
  /** "+49" */
  phoneCode?: string;
  /** Devices free for new ports now; depends on the slot type asked for. */
  freeDeviceCount?: number;
}

/** A mobile carrier of a country. */
export interface Carrier {
  /** The vendor's id. */
  id: string;
  /** The company, e.g. "Vodafone D2 GmbH". */
  name: string;
  /** The short name, e.g. "Vodafone". */
  brand?: string;
  /** Mobile country code, e.g. "262". */
  mcc?: string;
  /** Mobile network code, e.g. "02". */
  mnc?: string;
  /** "LTE" */
  technology?: string;
  /** Devices free for new ports now; depends on the slot type asked for. */
  freeDeviceCount?: number;
}

/** A city or a region of a country. (MCP client 1.0.1; later ones do not ask) */
export interface Area {
  /** The vendor's id. */
  id: string;
  /** Name. */
  name: string;
  /** Devices free for new ports now. */
  freeDeviceCount?: number;
}

/** A price of the vendor. */
export interface Tariff {
  /** The vendor's id. */
  id?: string;
  /** "PortsShared", "TrafficShared", … */
  type?: string;
  /** US dollars. */
  price?: number;
  /** US dollars for one of `unitType`. */
  pricePerUnit?: number;
  /** "slot" or "gb" */
  unitType?: string;
  /** "monthly" or "one-time" */
  billingPeriod?: string;
  /** "shared" or "private" */
  category?: string;
  /** "ports" or "traffic" */
  resourceType?: string;
  /** Name. */
  displayName?: string;
  /** Numbers of slots to which the price applies. */
  portRange?: {
    /** The least. */
    min?: number;
    /** The most. */
    max?: number;
  };
  /** GB to which the price applies. */
  trafficRange?: {
    /** The least. */
    min?: number;
    /** The most. */
    max?: number;
  };
}

/** Which devices to count. */
export interface DeviceFilter {
  /** Devices for private ports instead of all. (`isPrivate` known from the MCP client) */
  isPrivate?: boolean;
}

/** Facts that are the same for every account. Scope ports:read. */
export interface ReferenceApi {
  /** Countries with devices. */
  countries(filter?: DeviceFilter): Promise<Country[]>;
  /** Carriers with devices in a country, by the country's id. */
  carriers(countryId: string, filter?: DeviceFilter): Promise<Carrier[]>;
  /** Cities with devices in a country, by the country's id. */
  cities(countryId: string): Promise<Area[]>;
  /** Regions with devices in a country, by the country's id. */
  regions(countryId: string): Promise<Area[]>;
  /** Prices. */
  tariffs(): Promise<Tariff[]>;
}

export function referenceApi(http: Http): ReferenceApi {
  return {
    countries: async ({ isPrivate } = {}) =>
      http.get("ports:read", path`/countries/with-devices`, readCountries, { query: { isPrivate } }),
    carriers: async (countryId, { isPrivate } = {}) =>
      http.get("ports:read", path`/carriers/country/${countryId}`, readCarriers, {
        query: { withDevice: true, isPrivate },
      }),
    cities: async (countryId) => http.get("ports:read", path`/cities/country/${countryId}`, readAreas),
    regions: async (countryId) => http.get("ports:read", path`/regions/country/${countryId}`, readAreas),
    tariffs: async () => http.get("ports:read", path`/tariffs`, readTariffs),
  };
}

const range = z.object({ min: quantity, max: quantity }).nullish();

const readCountries = listed<Country>({
  name: requiredName,
  code: z.string().refine((value) => /^[A-Za-z]{2,3}$/.test(value), "is not a country code"),
  iso3: kind,
  phoneCode: text,
  freeDeviceCount: count,
});

const readCarriers = listed<Carrier>({
  name: requiredName,
  brand: text,
  mcc: kind,
  mnc: kind,
  technology: text,
  freeDeviceCount: count,
});

const readAreas = listed<Area>({ name: requiredName, freeDeviceCount: count });

const readTariffs = reader(
  listOf(
    z.object({
      _id: informingId,
      type: word,
      price: quantity,
      pricePerUnit: quantity,
      unitType: word,
      billingPeriod: word,
      category: word,
      resourceType: word,
      displayName: text,
      portRange: range,
      trafficRange: range,
    }),
  ),
  (wire) =>
    wire.map(({ _id, portRange, trafficRange, ...tariff }) =>
      present<Tariff>({
        id: _id,
        ...tariff,
        portRange: portRange && present(portRange),
        trafficRange: trafficRange && present(trafficRange),
      }),
    ),
);
