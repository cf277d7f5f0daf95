import { type Carrier, type Country } from "../world/atlas";
import { quoted } from "../world/validate";
import { type World } from "../world/world";

export function findCountry(world: World, code: string): Country {
  const country = world.atlas.countryByCode(code);
  if (country) return country;
  const known = world.atlas.countries.map((each) => each.code).join(", ");
  throw new Error(`the emulator has no country ${quoted(code)}; it has ${known}`);
}

export function findCarrier(country: Country, brand: string): Carrier {
  const carrier = country.carriers.find((each) => each.brand.toLowerCase() === brand.toLowerCase());
  if (carrier) return carrier;
  const known = country.carriers.map((each) => each.brand).join(", ");
  throw new Error(`the emulator has no carrier ${quoted(brand)} in ${country.name}; it has ${known}`);
}
