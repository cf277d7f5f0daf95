import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type SettledFleet } from "../../../domain/fleet/args";
import {
  type ChildName,
  countEach,
  earliest,
  type MadeFleet,
  memberNames,
  PASSWORD,
  portInputs,
  sharedPasswordName,
} from "../../../domain/fleet/make";
import { type PlannedMember } from "../../../domain/fleet/plan";
import { sentHidden } from "../../../domain/hidden-inputs";
import { type KindName, typeOf } from "../../../domain/kinds";
import { isUnknown, UNKNOWN } from "../../../domain/unknown";
import { type Props } from "../hosted";
import { type FleetComponent } from "./fleet-component";
import { type Monitor, named, type Registered, type Registration, structOf, typed } from "./monitor";
import { bared, reference, secret } from "./wire";

/** The bundle's, by its build: the version of the plugin of passwords. */
declare const RANDOM_VERSION: string | undefined;

interface Member {
  port: Registered;
  /** Where the URLs come from: its Credentials, or the port itself. */
  login: Registered;
}

/** The resources of a fleet's members, as the component registers them. */
export class FleetMembers {
  constructor(
    private readonly monitor: Monitor,
    private readonly component: FleetComponent,
    private readonly fleet: SettledFleet,
    private readonly parent: string,
  ) {}

  /** @throws ProviderError where one was not made; the others are, or the engine reports them */
  async make(fleet: MadeFleet): Promise<{ outputs: Struct; kept: Props; dependencies: Record<string, string[]> }> {
    const password = await this.sharedPassword(fleet);
    const made = await Promise.allSettled(fleet.planned.map((member) => this.member(member, fleet, password)));
    const failed = made.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    return this.told(made.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
  }

  private async member(member: PlannedMember, fleet: MadeFleet, shared: Registered | undefined): Promise<Member> {
    const { inputs } = this.component;
    const waits = fleet.waiting.has(member.number);
    const names = memberNames(this.component.name, member.number, fleet);
    const port = await this.resource("Port", names.port, {
      inputs: {
        ...portInputs(member, this.fleet),
        osFingerprint: inputs.osFingerprint,
        ...sentHidden({ hold: waits ? this.fleet.lease.holdSeconds : undefined }),
      },
      inputDependencies: { osFingerprint: this.component.dependenciesOf("osFingerprint") },
    });
    const [, login] = await Promise.all([this.rotation(names.rotation, port), this.login(names, port, shared)]);
    return { port, login: login ?? port };
  }

  private async rotation(name: ChildName, port: Registered): Promise<void> {
    const { value } = bared(this.component.inputs.rotation);
    if (value === undefined) return;
    const settings = value as Props;
    await this.resource("RotationSettings", name, {
      ...this.tied(port, { enabled: true, ...settings }, Object.keys(settings), "rotation"),
    });
  }

  private async login(
    names: ReturnType<typeof memberNames>,
    port: Registered,
    shared: Registered | undefined,
  ): Promise<Registered | undefined> {
    const { value, isSecret } = bared(this.component.inputs.credentials);
    if (value === undefined) return undefined;
    const { proxyLogin, proxyPassword } = value as Props;
    const own =
      proxyPassword === undefined || proxyPassword === null
        ? (shared ?? (await this.password(names.password)))
        : undefined;
    const inputs = {
      proxyLogin: isSecret ? secret(bared(proxyLogin).value) : proxyLogin,
      proxyPassword: own ? passwordIn(own) : secret(bared(proxyPassword).value),
    };
    const tied = this.tied(port, inputs, own ? ["proxyLogin"] : ["proxyLogin", "proxyPassword"], "credentials");
    if (own) tied.inputDependencies.proxyPassword = [own.urn];
    return this.resource("Credentials", names.login, tied);
  }

  /** What ties settings to their port: see PortRef of the SDK. */
  private tied(
    port: Registered,
    inputs: Props,
    given: readonly string[],
    from: string,
  ): { inputs: Props; deletedWith: string; inputDependencies: Record<string, readonly string[]> } {
    const of = (name: string): unknown => port.outputs[name] ?? (this.component.isPreview ? UNKNOWN : undefined);
    return {
      inputs: {
        ...inputs,
        port: port.id === "" ? UNKNOWN : port.id,
        ...sentHidden<unknown>({ portId: of("portId"), slotType: of("slotType") }),
      },
      deletedWith: port.urn,
      inputDependencies: {
        port: [port.urn],
        ...Object.fromEntries(given.map((name) => [name, this.component.dependenciesOf(from)])),
      },
    };
  }

  private async sharedPassword(fleet: MadeFleet): Promise<Registered | undefined> {
    const { value } = bared(this.component.inputs.credentials);
    const { sharedPassword, proxyPassword } = (value ?? {}) as Props;
    if (bared(sharedPassword).value !== true || (proxyPassword !== undefined && proxyPassword !== null))
      return undefined;
    return this.password(sharedPasswordName(this.component.name, fleet));
  }

  private password({ is: name, was }: ChildName): Promise<Registered> {
    return this.monitor.register({
      type: "random:index/randomPassword:RandomPassword",
      name,
      aliases: was.map(named),
      parent: this.parent,
      custom: true,
      inputs: PASSWORD,
      provider: this.component.providerOf("random"),
      version: typeof RANDOM_VERSION === "string" ? RANDOM_VERSION : undefined,
      protect: this.component.protect,
      secretOutputs: ["bcryptHash", "result"],
    });
  }

  private resource(
    kind: KindName,
    { is: name, was }: ChildName,
    { inputs, inputDependencies = {}, deletedWith }: Pick<Registration, "inputs" | "inputDependencies" | "deletedWith">,
  ): Promise<Registered> {
    return this.monitor.register({
      type: typeOf(kind, "plugin"),
      name,
      parent: this.parent,
      custom: true,
      inputs: { ...inputs, ...sentHidden({ owner: this.component.owner }) },
      provider: this.component.account,
      protect: this.component.protect,
      deletedWith,
      dependencies: [...new Set(Object.values(inputDependencies).flat())],
      inputDependencies,
      aliases: [typed(typeOf(kind)), ...was.map(named)],
    });
  }

  /** What the program gets of the component, what of it the state keeps, and the URNs that each output depends on. */
  private told(members: readonly Member[]): { outputs: Struct; kept: Props; dependencies: Record<string, string[]> } {
    const { isPreview } = this.component;
    const of = (one: Registered, name: string): unknown =>
      bared(one.outputs[name]).value ?? (isPreview ? UNKNOWN : undefined);
    /** A port may have no URL yet: what is undefined cannot stand in a list on the wire. */
    const listed = (all: readonly Registered[], name: string): unknown[] => all.map((one) => of(one, name) ?? null);
    const known = (name: string, sum: (all: string[]) => unknown): unknown => {
      const all = members.map(({ port }) => of(port, name));
      return all.some(isUnknown) ? UNKNOWN : sum(all as string[]);
    };
    const kept = { byCountry: known("countryCode", countEach), nextRenewalAt: known("renewAt", earliest) };
    const [ports, logins] = [members.map(({ port }) => port), members.map(({ login }) => login)];
    const [ofPorts, ofLogins] = [ports, logins].map((all) => all.map(({ urn }) => urn)) as [string[], string[]];
    return {
      kept,
      outputs: structOf({
        ...kept,
        ports: ports.map(({ urn, id }) => reference(urn, id, "")),
        httpUrls: secret(listed(logins, "httpUrl")),
        socks5Urls: secret(listed(logins, "socks5Url")),
        rotationUrls: secret(listed(ports, "rotationUrl")),
      }),
      dependencies: {
        byCountry: ofPorts,
        nextRenewalAt: ofPorts,
        ports: ofPorts,
        httpUrls: ofLogins,
        socks5Urls: ofLogins,
        rotationUrls: ofPorts,
      },
    };
  }
}

const passwordIn = ({ outputs }: Registered): Props => secret(bared(outputs.result).value ?? UNKNOWN);
