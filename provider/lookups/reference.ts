import { FINGERPRINTS } from "../../domain/fingerprints";
import { type SlotType } from "../../domain/slot-type";
import type { Area, Carrier, Country, OsFingerprint, Tariff } from "../../api";
import type * as reference from "../run/reference";
import { type Client } from "./client";
import { type Lookup, PLACE, SLOT_TYPE, TEXT } from "./lookup";

/** Args of `getCountries`. */
export interface GetCountriesArgs {
  /** Devices of which slot type are counted. @default "shared" */
  slotType?: SlotType;
}

/** Args of `getCarriers`. */
export interface GetCarriersArgs {
  /** ISO code, English name, or the vendor's id. */
  country: string;
  /** Devices of which slot type are counted. @default "shared" */
  slotType?: SlotType;
}

/** Args of `getCities` and `getRegions`. */
export interface GetAreasArgs {
  /** ISO code, English name, or the vendor's id. */
  country: string;
}

/** Args of `getTariffs`. */
export interface GetTariffsArgs {
  /** Only tariffs of this slot type. @default both */
  slotType?: SlotType;
}

/** Args of `getOsFingerprints`. */
export interface GetOsFingerprintsArgs {
  /** The vendor's id of a port. @default none: the values that the vendor documents, without a call */
  port?: string;
}

export const COUNTRIES: Lookup<GetCountriesArgs, Country[]> = {
  name: "getCountries",
  inputs: { slotType: SLOT_TYPE },
  list: "countries",
  ask: countries,
};

export const CARRIERS: Lookup<GetCarriersArgs, Carrier[]> = {
  name: "getCarriers",
  inputs: { country: PLACE, slotType: SLOT_TYPE },
  list: "carriers",
  ask: async (client, { country, slotType = "shared" }) => {
    const { id } = await countryCalled(client, country, slotType);
    const ask = (): Promise<Carrier[]> => client.api.reference.carriers(id, { isPrivate: slotType === "private" });
    return client.once(`carriers ${id} ${slotType}`, ask);
  },
};

const areas = (what: "cities" | "regions", name: string): Lookup<GetAreasArgs, Area[]> => ({
  name,
  inputs: { country: PLACE },
  list: what,
  ask: async (client, { country }) => {
    const { id } = await countryCalled(client, country);
    return client.once(`${what} ${id}`, () => client.api.reference[what](id));
  },
});
export const CITIES = areas("cities", "getCities");
export const REGIONS = areas("regions", "getRegions");

export const TARIFFS: Lookup<GetTariffsArgs, Tariff[]> = {
  name: "getTariffs",
  inputs: { slotType: SLOT_TYPE },
  list: "tariffs",
  ask: async (client, { slotType }) => {
    const all = await client.once("tariffs", () => client.api.reference.tariffs());
    return slotType === undefined ? all : all.filter(({ category }) => category === slotType);
  },
};

export const OS_FINGERPRINTS: Lookup<GetOsFingerprintsArgs, OsFingerprint[]> = {
  name: "getOsFingerprints",
  inputs: { port: TEXT },
  list: "osFingerprints",
  ask: async (client, { port }) =>
    port === undefined
      ? Object.entries(FINGERPRINTS).map(([value, label]) => ({ value, label }))
      : client.once(`OS fingerprints ${port}`, () => client.api.ports.osFingerprints(port)),
};

/** The vendor's countries: asked once a run, by all that want them. */
function countries(client: Client, { slotType = "shared" }: GetCountriesArgs): Promise<Country[]> {
  const ask = (): Promise<Country[]> => client.api.reference.countries({ isPrivate: slotType === "private" });
  return client.once(`countries ${slotType}`, ask);
}

/** @throws InputError that names the nearest countries that there are */
export async function countryCalled(client: Client, country: string, slotType?: SlotType): Promise<Country> {
  const { findCountry } = require("../run/reference") as typeof reference;
  return findCountry(await countries(client, { slotType }), country);
}
