import type * as pulumi from "@pulumi/pulumi";
import type { Area, Carrier, Country, OsFingerprint, Tariff } from "../../api";
import {
  CARRIERS,
  CITIES,
  COUNTRIES,
  OS_FINGERPRINTS,
  REGIONS,
  TARIFFS,
  type GetAreasArgs,
  type GetCarriersArgs,
  type GetCountriesArgs,
  type GetOsFingerprintsArgs,
  type GetTariffsArgs,
} from "../../provider/lookups/reference";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type SlotType } from "../../domain/slot-type";
export {
  type GetAreasArgs,
  type GetCarriersArgs,
  type GetCountriesArgs,
  type GetOsFingerprintsArgs,
  type GetTariffsArgs,
};

/**
 * Countries with devices for new ports, with how many are free now. Asked once a run. Scope ports:read.
 *
 * @example
 * export const countries = proxies.getCountriesOutput({ slotType: "private" });
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
 *
 * @example
 * export const carriers = proxies.getCarriersOutput({ country: "DE" });
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

/**
 * Cities with devices in a country, for `cityId` of a Port. Asked once a run, as are the countries. Scope ports:read.
 *
 * @example
 * export const cities = proxies.getCitiesOutput({ country: "DE" });
 */
export function getCities(args: GetAreasArgs, options?: LookupOptions): Promise<Area[]> {
  return promiseOf(CITIES, args, options);
}

/** {@link getCities} as an Output, of args that may be Outputs. */
export function getCitiesOutput(args: OutputArgs<GetAreasArgs>, options?: LookupOptions): pulumi.Output<Area[]> {
  return outputOf(CITIES, args, options);
}

/**
 * Regions with devices in a country, for `regionId` of a Port. Asked once a run, as are the countries. Scope
 * ports:read.
 *
 * @example
 * export const regions = proxies.getRegionsOutput({ country: "DE" });
 */
export function getRegions(args: GetAreasArgs, options?: LookupOptions): Promise<Area[]> {
  return promiseOf(REGIONS, args, options);
}

/** {@link getRegions} as an Output, of args that may be Outputs. */
export function getRegionsOutput(args: OutputArgs<GetAreasArgs>, options?: LookupOptions): pulumi.Output<Area[]> {
  return outputOf(REGIONS, args, options);
}

/**
 * Prices of slots and traffic, in US dollars. They do not depend on the country. Asked once a run. Scope ports:read.
 *
 * @example
 * export const tariffs = proxies.getTariffsOutput({ slotType: "shared" });
 */
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

/**
 * The values that a port takes as `osFingerprint`, with their names. Asked once a run and port. Scope ports:read.
 *
 * @example
 * export const fingerprints = proxies.getOsFingerprintsOutput({ port });
 */
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
