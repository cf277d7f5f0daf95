import { type City, type Country, type Region } from "../world/atlas";
import { type SlotType } from "../world/config";
import { TARIFF_TYPES, TARIFFS } from "../rules/tariffs";
import { codeOf } from "../rules/places";
import { notFound } from "../rules/problem";
import { choiceOf, flagOf } from "../rules/query";
import { type Call, route, type Route } from "./route";

/** Countries, carriers and cities by code are asked for without a key by the client's wallet tools (M). */
export const referenceRoutes: Route[] = [
  route("GET", "/countries", "public", (call) => countries(call)),
  route("GET", "/countries/with-devices", "ports:read", (call) => countries(call).filter(hasDevices)),
  route("GET", "/carriers", "public", (call) => countriesByCode(call).flatMap((each) => carriers(call, each))),
  route("GET", "/carriers/country/:countryId", "ports:read", carriersOfCountry),
  route("GET", "/cities", "public", (call) => countriesByCode(call).flatMap((each) => cities(call, each))),
  route("GET", "/cities/country/:countryId", "ports:read", (call) => cities(call, requireCountry(call))),
  route("GET", "/regions", "ports:read", (call) => countriesByCode(call).flatMap((each) => regions(call, each))),
  route("GET", "/regions/country/:countryId", "ports:read", (call) => regions(call, requireCountry(call))),
  route("GET", "/tariffs", ["ports:read", "billing:read"], tariffs),
];

const hasDevices = (each: { freeDeviceCount: number }) => each.freeDeviceCount > 0;

/** Stock depends on the slot type; without isPrivate it is that of shared slots, as create has it (inferred). */
function slotTypeOf({ query }: Call): SlotType {
  return flagOf(query, "isPrivate") ? "private" : "shared";
}

function requireCountry({ world, params }: Call): Country {
  const country = world.atlas.country(params["countryId"] ?? "");
  if (!country) throw notFound("Country not found");
  return country;
}

/** ?country=DE, or all. */
function countriesByCode({ world, query }: Call): Country[] {
  const code = query.get("country");
  if (!code) return world.atlas.countries;
  const country = world.atlas.countryByCode(code);
  return country ? [country] : [];
}

function countries(call: Call) {
  const slotType = slotTypeOf(call);
  return call.world.atlas.countries.map((country) => ({
    _id: country.id,
    name: country.name,
    code: country.code,
    iso3: country.iso3,
    phoneCode: country.phoneCode,
    ...(!call.quirks.pageOnly && { isActive: true }),
    freeDeviceCount: call.world.stock.free({ country, slotType }),
  }));
}

function carriersOfCountry(call: Call): unknown {
  const found = carriers(call, requireCountry(call));
  return flagOf(call.query, "withDevice") ? found.filter(hasDevices) : found;
}

function carriers(call: Call, country: Country) {
  const slotType = slotTypeOf(call);
  return country.carriers.map(({ id, name, brand, mcc, mnc, technology }) => ({
    _id: id,
    name,
    ...(!call.quirks.pageOnly && { code: codeOf(brand) }),
    brand,
    ...(mcc && { mcc, mnc }),
    technology,
    freeDeviceCount: call.world.stock.free({ country, slotType, carrierId: id }),
  }));
}

function cities(call: Call, country: Country) {
  const slotType = slotTypeOf(call);
  return country.cities.map(({ id, name }: City) => ({
    _id: id,
    name,
    ...(!call.quirks.pageOnly && { code: codeOf(name) }),
    freeDeviceCount: call.world.stock.free({ country, slotType, cityId: id }),
  }));
}

function regions(call: Call, country: Country) {
  const slotType = slotTypeOf(call);
  return country.regions.map(({ id, name }: Region) => ({
    _id: id,
    name,
    freeDeviceCount: call.world.stock.free({ country, slotType, regionId: id }),
  }));
}

function tariffs({ query }: Call): unknown {
  const type = choiceOf(query, "type", TARIFF_TYPES);
  const category = choiceOf(query, "category", ["shared", "private"]);
  return TARIFFS.filter((tariff) => (!type || type === tariff.type) && (!category || category === tariff.category));
}
