import { z } from "zod";
import { samePortId } from "../domain/port-id";

/** Arguments that several tools take, each as the vendor's own server names it. */
export const portId = z
  .string()
  .min(1)
  .max(64)
  .overwrite(samePortId)
  .describe("The port's id, 24 hex digits (see list_ports).");
export const slotType = z.enum(["shared", "private"]);
export const countryId = z.string().min(1).max(64).describe("The country's id (see list_available_countries).");
export const carrierId = z.string().min(1).max(64).optional().describe("The carrier's id.");
export const cityId = z.string().min(1).max(64).optional().describe("The city's id.");
