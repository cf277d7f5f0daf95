import { isOver } from "../domain/lease";
import { type FleetSnapshot, had, type PortFacts } from "../dashboard/fleet";
import { type Figures, figuresOf, healthOf, isRetiring } from "../dashboard/figures";

/** One metric, with all of its series. */
export interface Family {
  /** Base units; "_total" at the end of a counter's. */
  name: string;
  help: string;
  /** @default "gauge" */
  type?: "counter" | "gauge";
  samples: Sample[];
}

interface Sample {
  /** The same names in each sample of a family. */
  labels?: Record<string, string>;
  value: number;
}

/** The metrics of a snapshot. A value that is not known is no sample. */
export function familiesOf(fleet: FleetSnapshot): Family[] {
  const figures = figuresOf(fleet);
  return [
    one("poll_timestamp_seconds", "When the last poll ended, by the vendor's clock", fleet.takenAt / 1_000),
    ...portFamilies(had(fleet.ports), figures, fleet.takenAt),
    ...managedFamilies(fleet, figures),
    ...accountFamilies(fleet, figures),
  ];
}

function portFamilies(ports: PortFacts[] | undefined, figures: Figures, now: number): Family[] {
  if (!ports) return [];
  const each = (
    name: string,
    help: string,
    of: (port: PortFacts) => number | undefined,
    type?: Family["type"],
  ): Family => ({
    name,
    help,
    type,
    samples: ports.flatMap((port) => sample(of(port), labelsOf(port))).filter(({ value }) => value >= 0),
  });
  return [
    { name: "ports", help: "Live ports", samples: counted(ports) },
    one("renewals_due", "Ports whose lease is due for renewal", figures.due),
    one("ports_over", "Ports that the vendor lists although their lease is over", figures.over),
    each("port_lease_end_timestamp_seconds", "When the lease ends; not of old ports of renewals", (port) =>
      isRetiring(port) ? undefined : seconds(port.expiresAt),
    ),
    each(
      "port_release_timestamp_seconds",
      "From when on a run of pulumi up releases an old port of a renewal",
      ({ releaseAt }) => seconds(releaseAt),
    ),
    each(
      "port_renewal_timestamp_seconds",
      "From when on a run of pulumi up renews the port; by the default where no state has it",
      (port) => (isOver(port, now) ? undefined : seconds(port.renewAt)),
    ),
    each("port_traffic_bytes_total", "Traffic of the port so far", ({ usedGB }) => bytes(usedGB), "counter"),
    each("port_rotations_total", "Rotations of the port so far", ({ rotation }) => rotation?.count, "counter"),
  ];
}

function counted(ports: PortFacts[]): Sample[] {
  const samples = new Map<string, Sample>();
  for (const port of ports) {
    const { country = "", carrier = "", slotType = "", status = "" } = port;
    const labels = { country, carrier, slot_type: slotType, status, health: healthOf(port) };
    const key = JSON.stringify(labels);
    samples.set(key, { labels, value: (samples.get(key)?.value ?? 0) + 1 });
  }
  return [...samples.values()];
}

const labelsOf = ({ id, name = "", country = "", heldBy = "" }: PortFacts): Record<string, string> => ({
  port: id,
  name,
  country,
  resource: heldBy,
});

function managedFamilies(fleet: FleetSnapshot, { slotTypes }: Figures): Family[] {
  const managed = had(fleet.managed);
  const missing = managed?.missing.filter(({ leaving }) => !leaving);
  return [
    one("orphans", "Live ports that no given state holds", managed?.orphans.length),
    {
      name: "ports_retiring",
      help: "Live old ports of renewals: they serve and hold slots until a later run releases them",
      samples: slotTypes.flatMap(({ slotType, retiring }) => sample(managed && retiring, { slot_type: slotType })),
    },
    one("ports_missing", "Ports that a state holds and the account does not have", missing?.length),
    one("purchases_pending", "Purchases that a state has as under way, or broken off", managed?.pending.length),
  ];
}

function accountFamilies(fleet: FleetSnapshot, { traffic }: Figures): Family[] {
  const account = had(fleet.account);
  const rotations = had(fleet.rotations);
  const subscriptions = Object.entries({ shared: account?.shared, private: account?.private });
  const states = (
    of: (of: NonNullable<(typeof subscriptions)[0][1]>) => Record<string, number | undefined>,
  ): Sample[] =>
    subscriptions.flatMap(([slotType, subscription]) =>
      Object.entries(subscription ? of(subscription) : {}).flatMap(([state, value]) =>
        sample(value, { slot_type: slotType, state }),
      ),
    );
  return [
    {
      name: "slots",
      help: "Slots of the account; state is total, used or free",
      samples: states(({ slots: { total, used } = {} }) => ({ total, used, free: freeOf(total, used) })),
    },
    {
      name: "traffic_bytes",
      help: "Traffic of the account, as the vendor counts it; state is bought, used or left",
      samples: states(({ trafficGB = {} }) => ({
        bought: bytes(trafficGB.total),
        used: bytes(trafficGB.used),
        left: bytes(trafficGB.available),
      })),
    },
    {
      name: "traffic_lasts_seconds",
      help: "How long the traffic of a slot type lasts at the rate of its ports in the last week; missing while most of them are younger than a day",
      samples: traffic.lasts.flatMap(({ slotType, days }) => sample(days * 86_400, { slot_type: slotType })),
    },
    {
      name: "subscription_end_timestamp_seconds",
      help: "When slots and traffic end",
      samples: subscriptions.flatMap(([slotType, of]) => sample(seconds(of?.expiresAt), { slot_type: slotType })),
    },
    {
      name: "balance",
      help: "Balance of the account",
      samples: sample(account?.balance, { currency: account?.currency ?? "" }),
    },
    one("alerts", "What the vendor wants the customer to know: how many lines", account?.alerts.length),
    {
      name: "rotations_30d",
      help: "Rotations of the last 30 days, of the ports whose history was asked for",
      samples: (["succeeded", "failed"] as const).flatMap((outcome) =>
        sample(rotations && sum(rotations.byDay.map((day) => day[outcome])), { outcome }),
      ),
    },
  ];
}

const one = (name: string, help: string, value: number | undefined): Family => ({ name, help, samples: sample(value) });

const sample = (value: number | undefined, labels?: Record<string, string>): Sample[] =>
  value === undefined || !Number.isFinite(value) ? [] : [{ value, ...(labels && { labels }) }];

const freeOf = (total?: number, used?: number): number | undefined =>
  total === undefined || used === undefined ? undefined : Math.max(0, total - used);

/** The vendor's GB is taken for 10⁹ bytes. */
const bytes = (gb: number | undefined): number | undefined => (gb === undefined ? undefined : Math.round(gb * 1e9));

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
