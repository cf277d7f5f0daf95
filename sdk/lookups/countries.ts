import type { Country } from "../../api";
import { type Client } from "./client";

/** The vendor's countries: asked once a run, by all that want them. */
export const countries = (client: Client, ofPrivate: boolean): Promise<Country[]> =>
  client.once(`countries ${ofPrivate}`, () => client.api.reference.countries({ isPrivate: ofPrivate }));
