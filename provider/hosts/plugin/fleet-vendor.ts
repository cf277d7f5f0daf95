import { type Vendor } from "../../../domain/fleet/market";
import { slotsLeft, type SlotType } from "../../../domain/slot-type";
import { type Session } from "../../run/session";

/** What the vendor reports for a fleet, asked now: how many devices are free is no matter of an earlier run's. */
export function vendorOf({ api, ports, reference }: Session, slotType: SlotType): Vendor {
  const isPrivate = slotType === "private";
  return {
    countries: () => reference.askAgain(isPrivate),
    carriers: (countryId) => api.reference.carriers(countryId, { isPrivate }),
    livePorts: async () => [...(await ports.all()).keys()],
    account: async () => {
      const { slots, traffic } = (await api.account.summary())[slotType] ?? {};
      return { slots: slotsLeft(slots), trafficGB: traffic?.available };
    },
  };
}
