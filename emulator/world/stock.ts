import { type Atlas, type Carrier, type Country } from "./atlas";
import { type PerSlotType, type SlotType } from "./config";
import { namedId } from "./random";
import { type Device } from "./types";

export interface Wanted {
  country: Country;
  slotType: SlotType;
  carrierId?: string;
  cityId?: string;
  regionId?: string;
  excludedDeviceIds?: readonly string[];
}

/** The devices of one carrier and slot type: only those in use are remembered, the others are computed. */
class Pool {
  private readonly taken = new Set<number>();
  private readonly takenInCity: number[];
  private cursor = 0;

  constructor(
    readonly country: Country,
    readonly carrier: Carrier,
    readonly slotType: SlotType,
    readonly size: number,
    private readonly ordinal: number,
    private readonly seed: number,
  ) {
    this.takenInCity = country.cities.map(() => 0);
  }

  free(wanted: Pick<Wanted, "cityId" | "regionId"> = {}): number {
    if (!wanted.cityId && !wanted.regionId) return this.size - this.taken.size;
    const cities = this.country.cities.length;
    return this.country.cities.reduce((sum, city, at) => {
      const fits =
        (!wanted.cityId || city.id === wanted.cityId) && (!wanted.regionId || city.region.id === wanted.regionId);
      const total = Math.floor((this.size - at + cities - 1) / cities);
      return fits ? sum + total - (this.takenInCity[at] ?? 0) : sum;
    }, 0);
  }

  /** Goes on from the device given last, so a full scan happens only when the pool is nearly empty. */
  take(wanted: Wanted): Device | undefined {
    for (let step = 0; step < this.size; step++) {
      const index = (this.cursor + step) % this.size;
      if (this.taken.has(index)) continue;
      const city = this.country.cities[index % this.country.cities.length];
      if (wanted.cityId && city?.id !== wanted.cityId) continue;
      if (wanted.regionId && city?.region.id !== wanted.regionId) continue;
      const device = this.device(index);
      if (wanted.excludedDeviceIds?.includes(device.id)) continue;
      this.cursor = index + 1;
      this.occupy(index);
      return device;
    }
    return undefined;
  }

  occupy(index: number): void {
    if (this.taken.has(index)) return;
    this.taken.add(index);
    this.countInCity(index, 1);
  }

  release(index: number): void {
    if (this.taken.delete(index)) this.countInCity(index, -1);
  }

  private countInCity(index: number, by: number): void {
    const at = index % this.takenInCity.length;
    this.takenInCity[at] = (this.takenInCity[at] ?? 0) + by;
  }

  private device(index: number): Device {
    const city = this.country.cities[index % this.country.cities.length] as Country["cities"][number];
    const id = namedId(this.seed, `device/${this.carrier.id}/${this.slotType}/${index}`);
    return {
      id,
      name: `dongle${this.ordinal * this.size + index + 1}_${this.country.code.toLowerCase()}`,
      imei: (BigInt(`0x${id}`) % 10n ** 15n).toString().padStart(15, "0"),
      slotType: this.slotType,
      countryId: this.country.id,
      carrierId: this.carrier.id,
      cityId: city.id,
      regionId: city.region.id,
      index,
    };
  }
}

export class Stock {
  private readonly pools: Pool[] = [];

  constructor(atlas: Atlas, sizes: PerSlotType, seed: number) {
    for (const country of atlas.countries)
      for (const carrier of country.carriers)
        for (const slotType of ["shared", "private"] as const)
          this.pools.push(new Pool(country, carrier, slotType, sizes[slotType], this.pools.length, seed));
  }

  free(wanted: Wanted): number {
    return this.fitting(wanted).reduce((sum, pool) => sum + pool.free(wanted), 0);
  }

  /** With no carrier wanted, the one with most free devices gives. */
  take(wanted: Wanted): Device | undefined {
    const pools = this.fitting(wanted).sort((a, b) => b.free(wanted) - a.free(wanted));
    for (const pool of pools) {
      const device = pool.take(wanted);
      if (device) return device;
    }
    return undefined;
  }

  release(device: Device): void {
    this.poolOf(device)?.release(device.index);
  }

  /** Used when a saved world is read again. */
  occupy(device: Device): void {
    this.poolOf(device)?.occupy(device.index);
  }

  private fitting(wanted: Wanted): Pool[] {
    return this.pools.filter(
      (pool) =>
        pool.country === wanted.country &&
        pool.slotType === wanted.slotType &&
        (!wanted.carrierId || pool.carrier.id === wanted.carrierId),
    );
  }

  private poolOf(device: Device): Pool | undefined {
    return this.pools.find((pool) => pool.carrier.id === device.carrierId && pool.slotType === device.slotType);
  }
}
