import { z } from "zod";
import { count, informingId, kind, listOf, requiredName, text } from "../fields";
import { type Http } from "../http";
import { path } from "../path";
import { present, type Reader, reader } from "../reading";

/** A country, city or carrier as anybody sees it. */
export interface PublicPlace {
  /** "Germany", "Berlin", "Vodafone D2 GmbH" */
  name: string;
  /** "DE", "berlin", "vodafone" */
  code?: string;
  id?: string;
  /** Of a carrier: its short name. */
  brand?: string;
  /** Devices free for shared ports now. */
  freeDeviceCount?: number;
}

/** The lists that the MCP client's wallet tools ask for, without a key. */
export interface PlacesApi {
  countries(): Promise<PublicPlace[]>;
  /** @param country ISO 3166-1 alpha-2 */
  cities(country: string): Promise<PublicPlace[]>;
  /** @param country ISO 3166-1 alpha-2 */
  carriers(country: string): Promise<PublicPlace[]>;
}

export function placesApi(http: Http): PlacesApi {
  return {
    countries: async () => http.get("keyless", path`/countries`, readPlaces),
    cities: async (country) => http.get("keyless", path`/cities`, readPlaces, { query: { country } }),
    carriers: async (country) => http.get("keyless", path`/carriers`, readPlaces, { query: { country } }),
  };
}

const readPlaces: Reader<PublicPlace[]> = reader(
  listOf(
    z.object({
      _id: informingId,
      id: informingId,
      name: requiredName,
      code: kind,
      brand: text,
      freeDeviceCount: count,
    }),
  ),
  (wire) => wire.map(({ _id, id, ...one }) => present<PublicPlace>({ ...one, id: _id ?? id })),
);
