import { type Country } from "../world/atlas";
import { type SlotType } from "../world/config";
import { type Device } from "../world/types";
import { type World } from "../world/world";
import { badRequest, conflict } from "./problem";

export interface Place {
  countryId: string;
  carrierId?: string;
  cityId?: string;
  regionId?: string;
}

/** An unknown id of a country or carrier in a body is answered with 400 (inferred). */
export function requirePlace(world: World, place: Place): Country {
  const country = world.atlas.country(place.countryId);
  if (!country) throw badRequest(`Country ${place.countryId} not found`);
  const carrier = place.carrierId ? world.atlas.carrier(place.carrierId) : undefined;
  if (place.carrierId && carrier?.countryId !== country.id)
    throw badRequest(`Carrier ${place.carrierId} not found in ${country.name}`);
  if (place.cityId && !country.cities.some((city) => city.id === place.cityId))
    throw badRequest(`City ${place.cityId} not found in ${country.name}`);
  if (place.regionId && !country.regions.some((region) => region.id === place.regionId))
    throw badRequest(`Region ${place.regionId} not found in ${country.name}`);
  return country;
}

/** No source says how an empty stock is answered; 409 is inferred. */
export function takeDevice(world: World, place: Place, slotType: SlotType): Device {
  const country = requirePlace(world, place);
  const { carrierId, cityId, regionId } = place;
  const device = world.stock.take({ country, slotType, carrierId, cityId, regionId });
  if (device) return device;
  const carrier = carrierId && world.atlas.carrier(carrierId)?.brand;
  throw conflict(`No free ${slotType} device in ${country.name}${carrier ? ` with ${carrier}` : ""}`);
}
