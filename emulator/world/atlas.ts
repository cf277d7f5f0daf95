import { namedId } from "./random";
import { quoted } from "./validate";

export interface Region {
  id: string;
  name: string;
}
export interface City {
  id: string;
  name: string;
  region: Region;
}
export interface Carrier {
  id: string;
  name: string;
  brand: string;
  mcc?: string;
  mnc?: string;
  technology: string;
  countryId: string;
}
export interface Country {
  id: string;
  name: string;
  code: string;
  iso3: string;
  phoneCode: string;
  carriers: Carrier[];
  cities: City[];
  regions: Region[];
}

interface Entry {
  name: string;
  iso3: string;
  phoneCode: string;
  id?: string;
  /** name, brand, mcc, mnc, id */
  carriers: [string, string, string?, string?, string?][];
  /** city, region */
  cities: [string, string][];
}

/** Germany, the United Kingdom and two German carriers have the ids and names of the vendor's page. */
const ENTRIES: Record<string, Entry> = {
  DE: {
    name: "Germany",
    iso3: "DEU",
    phoneCode: "+49",
    id: "69276bf1f547dfc948699263",
    carriers: [
      ["Vodafone D2 GmbH", "Vodafone", "262", "02", "69276bf5f547dfc94869f2dc"],
      ["Telefónica Germany GmbH & Co. oHG", "O2", undefined, undefined, "69276bf5f547dfc94869f2df"],
      ["Telekom Deutschland GmbH", "Telekom", "262", "01"],
    ],
    cities: [
      ["Berlin", "Berlin"],
      ["Munich", "Bavaria"],
      ["Nuremberg", "Bavaria"],
    ],
  },
  GB: {
    name: "United Kingdom",
    iso3: "GBR",
    phoneCode: "+44",
    id: "69276bf1f547dfc9486992b4",
    carriers: [
      ["EE Limited", "EE", "234", "30"],
      ["Vodafone Limited", "Vodafone", "234", "15"],
    ],
    cities: [
      ["London", "England"],
      ["Glasgow", "Scotland"],
    ],
  },
  PL: {
    name: "Poland",
    iso3: "POL",
    phoneCode: "+48",
    carriers: [
      ["Orange Polska S.A.", "Orange", "260", "03"],
      ["Polkomtel Sp. z o.o.", "Plus", "260", "01"],
      ["P4 Sp. z o.o.", "Play", "260", "06"],
    ],
    cities: [
      ["Warsaw", "Masovia"],
      ["Kraków", "Lesser Poland"],
    ],
  },
  US: {
    name: "United States",
    iso3: "USA",
    phoneCode: "+1",
    carriers: [
      ["T-Mobile USA, Inc.", "T-Mobile", "310", "260"],
      ["AT&T Mobility LLC", "AT&T", "310", "410"],
      ["Verizon Wireless", "Verizon", "311", "480"],
    ],
    cities: [
      ["New York", "New York"],
      ["Chicago", "Illinois"],
    ],
  },
  FR: {
    name: "France",
    iso3: "FRA",
    phoneCode: "+33",
    carriers: [
      ["Orange S.A.", "Orange", "208", "01"],
      ["Société Française du Radiotéléphone", "SFR", "208", "10"],
    ],
    cities: [
      ["Paris", "Île-de-France"],
      ["Lyon", "Auvergne-Rhône-Alpes"],
    ],
  },
  NL: {
    name: "Netherlands",
    iso3: "NLD",
    phoneCode: "+31",
    carriers: [
      ["KPN B.V.", "KPN", "204", "08"],
      ["VodafoneZiggo Group B.V.", "Vodafone", "204", "04"],
    ],
    cities: [
      ["Amsterdam", "North Holland"],
      ["Rotterdam", "South Holland"],
    ],
  },
};

/** Where devices stand. It never changes while a world lives. */
export class Atlas {
  readonly countries: Country[];
  private readonly countriesById = new Map<string, Country>();
  private readonly carriersById = new Map<string, Carrier>();
  private readonly citiesById = new Map<string, City>();
  private readonly regionsById = new Map<string, Region>();

  constructor(seed: number, codes: string[]) {
    this.countries = [...new Set(codes)].map((code) => country(seed, code));
    for (const each of this.countries) {
      this.countriesById.set(each.id, each);
      for (const carrier of each.carriers) this.carriersById.set(carrier.id, carrier);
      for (const city of each.cities) this.citiesById.set(city.id, city);
      for (const region of each.regions) this.regionsById.set(region.id, region);
    }
  }

  country(id: string): Country | undefined {
    return this.countriesById.get(id);
  }
  carrier(id: string): Carrier | undefined {
    return this.carriersById.get(id);
  }
  city(id: string): City | undefined {
    return this.citiesById.get(id);
  }
  region(id: string): Region | undefined {
    return this.regionsById.get(id);
  }
  countryByCode(code: string): Country | undefined {
    return this.countries.find((country) => country.code === code.toUpperCase());
  }
}

function country(seed: number, code: string): Country {
  const entry = Object.hasOwn(ENTRIES, code) ? ENTRIES[code] : undefined;
  if (!entry)
    throw new Error(`the emulator's atlas has no country ${quoted(code)}; it has ${Object.keys(ENTRIES).join(", ")}`);
  const { name, iso3, phoneCode } = entry;
  const id = entry.id ?? namedId(seed, `country/${code}`);
  const regions = [...new Set(entry.cities.map(([, region]) => region))].map((region) => ({
    id: namedId(seed, `region/${code}/${region}`),
    name: region,
  }));
  const cities = entry.cities.map(([city, regionName]) => {
    const region = regions.find((each) => each.name === regionName) as Region;
    return { id: namedId(seed, `city/${code}/${city}`), name: city, region };
  });
  const carriers = entry.carriers.map(([carrier, brand, mcc, mnc, carrierId]) => ({
    id: carrierId ?? namedId(seed, `carrier/${code}/${brand}`),
    name: carrier,
    brand,
    ...(mcc && { mcc, mnc }),
    technology: "LTE",
    countryId: id,
  }));
  return { id, name, code, iso3, phoneCode, carriers, cities, regions };
}
