import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { fullName } from "../../../domain/hidden-inputs";
import { qualifiedTypeOf, urnUnder } from "../../../domain/urn";
import { type Props } from "../hosted";
import { type Registration } from "./monitor";
import { bared, secret } from "./wire";

/** A component as the program declares it: inputs as they are on the wire, and options. */
export class FleetComponent {
  readonly name: string;
  readonly inputs: Props;
  readonly isPreview: boolean;
  readonly stack: { organization: string; project: string; stack: string };
  readonly protect: boolean | undefined;

  /** @param provider the one that the engine asks for the component, "URN::id", as far as it is known */
  constructor(
    private readonly request: ConstructRequest,
    private readonly provider?: string,
  ) {
    this.name = request.getName();
    const sent = Object.entries((request.getInputs()?.toJavaScript() ?? {}) as Props);
    this.inputs = withSecretPassword(Object.fromEntries(sent.filter(([, value]) => value !== null)));
    this.isPreview = request.getDryrun();
    this.stack = {
      organization: request.getOrganization(),
      project: request.getProject(),
      stack: request.getStack(),
    };
    this.protect = request.hasProtect() ? request.getProtect() : undefined;
  }

  /** The stack's organization, where its backend has any: the engine gives it to components, and to no resource. */
  get owner(): string | undefined {
    const { organization } = this.stack;
    return organization === "" || organization === "organization" ? undefined : organization;
  }

  /** The full name of the stack. */
  get stackName(): string {
    return fullName({ ...this.stack, owner: this.owner });
  }

  /** URNs of the resources that an input depends on. */
  dependenciesOf(input: string): string[] {
    return this.request.getInputdependenciesMap().get(input)?.getUrnsList() ?? [];
  }

  /**
   * The provider of the members, so their account: the one that the engine asks for the component. The request has it
   * only where it was an option of the component or of one above, and not where a parent of another kind gave it.
   */
  get account(): string | undefined {
    return this.provider ?? this.providerOf("proxies-sx");
  }

  /** The provider that the program gave for a package; undefined for the default one. */
  providerOf(name: string): string | undefined {
    return this.request.getProvidersMap().get(name);
  }

  registration(): Registration {
    const { request } = this;
    const inputDependencies = Object.fromEntries(
      request
        .getInputdependenciesMap()
        .toArray()
        .map(([name]) => [name, this.dependenciesOf(name)]),
    );
    return {
      type: request.getType(),
      name: this.name,
      parent: request.getParent(),
      custom: false,
      inputs: this.inputs,
      dependencies: [...new Set([...request.getDependenciesList(), ...Object.values(inputDependencies).flat()])],
      inputDependencies,
      deletedWith: request.getDeletedwith(),
      protect: this.protect,
      aliases: [...request.getAliasesList(), ...this.underOtherHost()],
      secretOutputs: request.getAdditionalsecretoutputsList(),
      also: (registered) => this.passOptions(registered),
    };
  }

  private passOptions(registered: RegisterResourceRequest): void {
    const { request } = this;
    for (const [name, provider] of request.getProvidersMap().toArray())
      registered.getProvidersMap().set(name, provider);
    registered
      .setIgnorechangesList(request.getIgnorechangesList())
      .setReplaceonchangesList(request.getReplaceonchangesList());
    if (request.hasRetainondelete()) registered.setRetainondelete(request.getRetainondelete() ?? false);
    const timeouts = request.getCustomtimeouts()?.toObject();
    if (!timeouts) return;
    const { create, update, pb_delete } = timeouts as { create: string; update: string; pb_delete?: string };
    registered.setCustomtimeouts(
      new RegisterResourceRequest.CustomTimeouts()
        .setCreate(create)
        .setUpdate(update)
        .setDelete(pb_delete ?? ""),
    );
  }

  /** URNs that the component had, as its aliases say. */
  earlierUrns(): string[] {
    return this.request.getAliasesList().map((alias) => this.urnOf(alias));
  }

  /** Its URN in a program whose resources were the dynamic host's, where it is another: below an account. */
  private underOtherHost(): Alias[] {
    const own = this.urnOf(new Alias().setSpec(new Alias.Spec()));
    const other = urnUnder("dynamic", own);
    return other === own ? [] : [new Alias().setUrn(other)];
  }

  private urnOf(alias: Alias): string {
    const spec = alias.getSpec();
    if (!spec) return alias.getUrn();
    const parent = spec.getNoparent() ? "" : spec.getParenturn() || this.request.getParent();
    const above = qualifiedTypeOf(parent);
    const isTop = above === "" || above === "pulumi:pulumi:Stack";
    const { project, stack } = this.stack;
    const type = `${isTop ? "" : `${above}$`}${spec.getType() || this.request.getType()}`;
    return `urn:pulumi:${spec.getStack() || stack}::${spec.getProject() || project}::${type}::${spec.getName() || this.name}`;
  }
}

/** What the state shows of the component: no password in clear. */
function withSecretPassword(inputs: Props): Props {
  const { value, isSecret } = bared(inputs.credentials);
  if (isSecret || typeof value !== "object" || value === null) return inputs;
  const { proxyPassword } = value as Props;
  if (proxyPassword === undefined || proxyPassword === null) return inputs;
  return { ...inputs, credentials: { ...value, proxyPassword: secret(bared(proxyPassword).value) } };
}
