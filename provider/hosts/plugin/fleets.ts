import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type FleetChecks, type FleetInputs, settleFleet } from "../../../domain/fleet/args";
import { type MadeFleet, makeFleet } from "../../../domain/fleet/make";
import { outlookOf, type Promised, stockFor } from "../../../domain/fleet/market";
import { type FleetChange } from "../../../domain/fleet/shortages";
import { fleetAmong, NO_STATE, readPorts, type StateAnswer } from "../../../domain/fleet/members";
import { hasUnknown } from "../../../domain/unknown";
import { ProviderError } from "../../errors";
import { checkShape } from "../../input-names";
import { type Props } from "../hosted";
import { type SessionHolder } from "../session-holder";
import { FleetComponent } from "./fleet-component";
import { FleetMembers } from "./fleet-members";
import { vendorOf } from "./fleet-vendor";
import { Monitor } from "./monitor";
import { opened } from "./wire";

const TYPE = "proxies-sx:index:ProxyFleet";

/** Inputs that members get as they are, also where only the update will know them. */
const PASSED_ON = ["rotation", "credentials", "osFingerprint"];

/** Fleets that programs of any language ask the plugin to make: the component ProxyFleet. */
export class Fleets {
  private readonly promised: Promised = new Map();
  /** The provider that this process is, as "URN::id"; undefined before the engine has named it. */
  provider: string | undefined;

  constructor(private readonly account: SessionHolder) {}

  /** @throws ProviderError in one line without a secret */
  async construct(request: ConstructRequest): Promise<ConstructResponse> {
    if (request.getType() !== TYPE) throw new ProviderError("there is no such component in proxies-sx.");
    const monitor = new Monitor(request.getMonitorendpoint());
    try {
      return await this.made(request, monitor);
    } catch (error) {
      throw new ProviderError(this.account.lineOf(this.account.explained(error, "this run")));
    } finally {
      monitor.close();
    }
  }

  private async made(request: ConstructRequest, monitor: Monitor): Promise<ConstructResponse> {
    const component = new FleetComponent(request, this.provider);
    await this.account.begin(component.stackName);
    const { props } = opened(request.getInputs());
    const checks = checksOf(request.getName());
    for (const [name, value] of Object.entries(props))
      if (!PASSED_ON.includes(name) && hasUnknown(value))
        checks.fail(name, "is only known once the update has made other resources. Give a plain value.");
    // Before anything is registered.
    const fleet = settleFleet(withoutNulls(props) as FleetInputs, checks);
    const { urn } = await monitor.register(component.registration());
    const now = Date.now();
    const ports = await readPorts(component.stack, (token, args) => monitor.ask<StateAnswer>(token, args)).catch(
      (error: Error) => {
        throw new ProviderError(`${error.message} ${NO_STATE}`);
      },
    );
    const known = fleetAmong(ports, [urn, ...component.earlierUrns()], now);
    const isPreview = request.getDryrun();
    const made = await makeFleet(known, fleet, {
      isPreview,
      stock: async () => {
        const session = this.account.open();
        return session && stockFor(fleet, vendorOf(session, fleet.slotType));
      },
    });
    if (isPreview) await this.tellOutlook({ fleet, before: known.members, ...made, now }, urn);
    const members = new FleetMembers(monitor, component, fleet, urn);
    return respond(monitor, await members.make(made), urn);
  }

  private async tellOutlook(change: FleetChange & MadeFleet, urn: string): Promise<void> {
    const session = this.account.open();
    if (!session) return;
    const vendor = vendorOf(session, change.fleet.slotType);
    const { warning, remark } = await outlookOf(change, { stockOf: change.stockOf, vendor, promised: this.promised });
    if (warning) session.notice(warning, urn);
    if (remark) session.info(remark, urn);
  }
}

async function respond(
  monitor: Monitor,
  { outputs, kept, dependencies }: Awaited<ReturnType<FleetMembers["make"]>>,
  urn: string,
): Promise<ConstructResponse> {
  await monitor.registerOutputs(urn, kept);
  const response = new ConstructResponse().setUrn(urn).setState(outputs);
  for (const [name, urns] of Object.entries(dependencies)) {
    const on = new ConstructResponse.PropertyDependencies().setUrnsList(urns);
    response.getStatedependenciesMap().set(name, on);
  }
  return response;
}

function checksOf(name: string): FleetChecks {
  const fail: FleetChecks["fail"] = (property, why) => {
    throw new ProviderError(`ProxyFleet "${name}": ${property}: ${why}`);
  };
  return {
    fail,
    inputs: (args, known, at, such) => checkShape(args, known, fail, at, such),
  };
}

/** What is null was not given, at any depth. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const given = Object.entries(value as Props).filter(([, one]) => one !== null);
  return Object.fromEntries(given.map(([name, one]) => [name, withoutNulls(one)]));
}
