export type { BalanceBreakdown, Carrier, Country, PortIp, Tariff } from "../../api";
export type { OsFingerprint as OsFingerprintInfo } from "../../api";
export * from "./account";
export { type LookupOptions, type OutputArgs } from "./lookup";
export * from "./port";
export * from "./port-checks";
export * from "./reference";
export * from "./rotation";
