import type * as pulumi from "@pulumi/pulumi";
import { FINGERPRINTS } from "../../domain/fingerprints";
import type { Area, Carrier, Country, OsFingerprint, Tariff } from "../../api";
import type * as reference from "../../provider/run/reference";
import { runError } from "../engine/run-error";
import { countries } from "./countries";
import { type Lookup, type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

/** Shares of a device, or whole devices. */
export type SlotType = "shared" | "private";

/** Args of {@link getCountries}. */
export interface GetCountriesArgs {
  /** Devices of which slot type are counted. @default "shared" */
  slotType?: SlotType;
}

/** Args of {@link getCarriers}. */
export interface GetCarriersArgs {
  /** ISO code, English name, or the vendor's id. */
  country: string;
  /** Devices of which slot type are counted. @default "shared" */
  slotType?: SlotType;
}

/** Args of {@link getCities} and {@link getRegions}. */
export interface GetAreasArgs {
  /** ISO code, English name, or the vendor's id. */
  country: string;
}

/** Args of {@link getTariffs}. */
export interface GetTariffsArgs {
  /** Only tariffs of this slot type. @default both */
  slotType?: SlotType;
}

/** Args of {@link getOsFingerprints}. */
export interface GetOsFingerprintsArgs {
  /** The vendor's id of a port. @default none: the values that the vendor documents, without a call */
  port?: string;
}

const COUNTRIES: Lookup<GetCountriesArgs, Country[]> = {
  name: "getCountries",
  inputs: ["slotType"],
  ask: async (client, { slotType }) => countries(client, isPrivate(slotType)),
};

const CARRIERS: Lookup<GetCarriersArgs, Carrier[]> = {
  name: "getCarriers",
  inputs: ["country", "slotType"],
  ask: async (client, { country, slotType }) => {
    const ofPrivate = isPrivate(slotType);
    const { findCountry } = require("../../provider/run/reference") as typeof reference;
    const { id } = findCountry(await countries(client, ofPrivate), country);
    const ask = (): Promise<Carrier[]> => client.api.reference.carriers(id, { isPrivate: ofPrivate });
    return client.once(`carriers ${id} ${ofPrivate}`, ask);
  },
};

const areas = (what: "cities" | "regions", name: string): Lookup<GetAreasArgs, Area[]> => ({
  name,
  inputs: ["country"],
  ask: async (client, { country }) => {
    const { findCountry } = require("../../provider/run/reference") as typeof reference;
    const { id } = findCountry(await countries(client, false), country);
    return client.once(`${what} ${id}`, () => client.api.reference[what](id));
  },
});
const CITIES = areas("cities", "getCities");
const REGIONS = areas("regions", "getRegions");

const TARIFFS: Lookup<GetTariffsArgs, Tariff[]> = {
  name: "getTariffs",
  inputs: ["slotType"],
  ask: async (client, { slotType }) => {
    isPrivate(slotType);
    const all = await client.once("tariffs", () => client.api.reference.tariffs());
    return slotType === undefined ? all : all.filter(({ category }) => category === slotType);
  },
};

const OS_FINGERPRINTS: Lookup<GetOsFingerprintsArgs, OsFingerprint[]> = {
  name: "getOsFingerprints",
  inputs: ["port"],
  anywhere: true,
  ask: async (client, { port }) =>
    port === undefined
      ? Object.entries(FINGERPRINTS).map(([value, label]) => ({ value, label }))
      : client.once(`OS fingerprints ${port}`, () => client.api.ports.osFingerprints(port)),
};

/** @throws RunError for what is no slot type */
export function isPrivate(slotType: unknown): boolean {
  if (slotType === undefined || slotType === "shared" || slotType === "private") return slotType === "private";
  throw runError("slotType: is unknown. Give one of: shared, private.");
}

/**
 * Countries with devices for new ports, with how many are free now. Asked once a run. Scope ports:read.
 *
 * @example
 * const countries = await proxies.getCountries({ slotType: "private" });
 * const inStock = countries.filter(({ freeDeviceCount = 0 }) => freeDeviceCount >= 10).map(({ code }) => code);
 */
export function getCountries(args: GetCountriesArgs = {}, options?: LookupOptions): Promise<Country[]> {
  return promiseOf(COUNTRIES, args, options);
}

/** {@link getCountries} as an Output, of args that may be Outputs. */
export function getCountriesOutput(
  args: OutputArgs<GetCountriesArgs> = {},
  options?: LookupOptions,
): pulumi.Output<Country[]> {
  return outputOf(COUNTRIES, args, options);
}

/**
 * Carriers with devices in a country, with how many are free now. Fails where the country has none. Asked once a run,
 * as are the countries, by which its name is found. Scope ports:read.
 */
export function getCarriers(args: GetCarriersArgs, options?: LookupOptions): Promise<Carrier[]> {
  return promiseOf(CARRIERS, args, options);
}

/** {@link getCarriers} as an Output, of args that may be Outputs. */
export function getCarriersOutput(
  args: OutputArgs<GetCarriersArgs>,
  options?: LookupOptions,
): pulumi.Output<Carrier[]> {
  return outputOf(CARRIERS, args, options);
}

/** Cities with devices in a country, for `cityId` of a Port. Asked once a run, as are the countries. Scope ports:read. */
export function getCities(args: GetAreasArgs, options?: LookupOptions): Promise<Area[]> {
  return promiseOf(CITIES, args, options);
}

/** {@link getCities} as an Output, of args that may be Outputs. */
export function getCitiesOutput(args: OutputArgs<GetAreasArgs>, options?: LookupOptions): pulumi.Output<Area[]> {
  return outputOf(CITIES, args, options);
}

/** Regions with devices in a country, for `regionId` of a Port. Asked once a run, as are the countries. Scope ports:read. */
export function getRegions(args: GetAreasArgs, options?: LookupOptions): Promise<Area[]> {
  return promiseOf(REGIONS, args, options);
}

/** {@link getRegions} as an Output, of args that may be Outputs. */
export function getRegionsOutput(args: OutputArgs<GetAreasArgs>, options?: LookupOptions): pulumi.Output<Area[]> {
  return outputOf(REGIONS, args, options);
}

/** Prices of slots and traffic, in US dollars. They do not depend on the country. Asked once a run. Scope ports:read. */
export function getTariffs(args: GetTariffsArgs = {}, options?: LookupOptions): Promise<Tariff[]> {
  return promiseOf(TARIFFS, args, options);
}

/** {@link getTariffs} as an Output, of args that may be Outputs. */
export function getTariffsOutput(
  args: OutputArgs<GetTariffsArgs> = {},
  options?: LookupOptions,
): pulumi.Output<Tariff[]> {
  return outputOf(TARIFFS, args, options);
}

/** The values that a port takes as `osFingerprint`, with their names. Asked once a run and port. Scope ports:read. */
export function getOsFingerprints(args: GetOsFingerprintsArgs = {}, options?: LookupOptions): Promise<OsFingerprint[]> {
  return promiseOf(OS_FINGERPRINTS, args, options);
}

/** {@link getOsFingerprints} as an Output, of args that may be Outputs; `port` may be a Port. */
export function getOsFingerprintsOutput(
  args: OutputArgs<GetOsFingerprintsArgs> = {},
  options?: LookupOptions,
): pulumi.Output<OsFingerprint[]> {
  return outputOf(OS_FINGERPRINTS, args, options);
}
