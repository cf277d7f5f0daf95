export type { Area, BalanceBreakdown, Carrier, Country, PortIp, Price, Pricing, Tariff } from "../../api";
export type { OsFingerprint as OsFingerprintInfo } from "../../api";
export * from "./account";
export * from "./billing";
export { type LookupOptions, type OutputArgs } from "./lookup";
export * from "./port";
export * from "./port-checks";
export {
  type GetAreasArgs,
  type GetCarriersArgs,
  type GetCountriesArgs,
  type GetOsFingerprintsArgs,
  type GetTariffsArgs,
  getCarriers,
  getCarriersOutput,
  getCities,
  getCitiesOutput,
  getCountries,
  getCountriesOutput,
  getOsFingerprints,
  getOsFingerprintsOutput,
  getRegions,
  getRegionsOutput,
  getTariffs,
  getTariffsOutput,
  type SlotType,
} from "./reference";
export * from "./rotation";
export * from "./tickets";
export * from "./x402-offer";
export * from "./x402-sessions";
