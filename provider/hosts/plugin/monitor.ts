import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { ProviderError } from "../../errors";
import { type Props } from "../hosted";

/** Bytes of a message: what the engine itself takes. */
export const MOST_BYTES = 400 << 20;

/** A resource that a component makes. Values are as they are on the wire, secrets and unknown ones marked. */
export interface Registration {
  type: string;
  name: string;
  parent: string;
  /** Whether a provider makes it; false for a component. */
  custom: boolean;
  inputs: Props;
  /** "urn::id" of its provider. @default the default one of its package */
  provider?: string;
  version?: string;
  /** URNs of what it waits for, as a whole and by input. */
  dependencies?: readonly string[];
  inputDependencies?: Readonly<Record<string, readonly string[]>>;
  /** URN of what it is deleted with: then no call is made for it. */
  deletedWith?: string;
  protect?: boolean;
  /** Earlier types of it, and whole aliases. */
  aliases?: readonly Alias[];
  secretOutputs?: readonly string[];
  /** What more there is to say. */
  also?: (request: rpc.RegisterResourceRequest) => void;
}

export interface Registered {
  urn: string;
  /** Empty where only the update will know it. */
  id: string;
  outputs: Props;
}

/** The service of the engine that programs speak to, and components. */
export class Monitor {
  private readonly client: ResourceMonitorClient;

  constructor(address: string) {
    this.client = new ResourceMonitorClient(address, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": MOST_BYTES,
      "grpc.max_send_message_length": MOST_BYTES,
    });
  }

  /** @throws ProviderError where it could not be made: the engine has said why */
  async register(registration: Registration): Promise<Registered> {
    const request = requestOf(registration);
    const response = await answered<rpc.RegisterResourceResponse>((done) =>
      this.client.registerResource(request, done),
    );
    if (response.getResult() !== rpc.Result.SUCCESS) throw new ProviderError(`${registration.name} was not made.`);
    return {
      urn: response.getUrn(),
      id: response.getId(),
      outputs: response.getObject()?.toJavaScript() ?? {},
    };
  }

  /** What the state shows of a component. */
  async registerOutputs(urn: string, outputs: Props): Promise<void> {
    const request = new rpc.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(structOf(outputs));
    await answered((done) => this.client.registerResourceOutputs(request, done));
  }

  /** Calls a function of the engine. */
  async ask<Answer>(token: string, args: Props): Promise<Answer> {
    const request = new rpc.ResourceInvokeRequest().setTok(token).setArgs(structOf(args));
    const response = await answered<{ getReturn(): Struct | undefined }>((done) => this.client.invoke(request, done));
    return (response.getReturn()?.toJavaScript() ?? {}) as Answer;
  }

  close(): void {
    this.client.close();
  }
}

export const structOf = (props: Props): Struct =>
  Struct.fromJavaScript(Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as never);

/** The same resource under another name, or another type. */
export const named = (name: string): Alias => new Alias().setSpec(new Alias.Spec().setName(name));
export const typed = (type: string): Alias => new Alias().setSpec(new Alias.Spec().setType(type));

function requestOf(one: Registration): rpc.RegisterResourceRequest {
  const request = new rpc.RegisterResourceRequest()
    .setType(one.type)
    .setName(one.name)
    .setParent(one.parent)
    .setCustom(one.custom)
    .setObject(structOf(one.inputs))
    .setProvider(one.provider ?? "")
    .setVersion(one.version ?? "")
    .setDependenciesList([...(one.dependencies ?? [])])
    .setDeletedwith(one.deletedWith ?? "")
    .setAliasesList([...(one.aliases ?? [])])
    .setAdditionalsecretoutputsList([...(one.secretOutputs ?? [])])
    .setAliasspecs(true)
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSupportspartialvalues(true)
    .setSupportsresultreporting(true);
  if (one.protect !== undefined) request.setProtect(one.protect);
  for (const [input, urns] of Object.entries(one.inputDependencies ?? {})) {
    const on = new rpc.RegisterResourceRequest.PropertyDependencies().setUrnsList([...urns]);
    request.getPropertydependenciesMap().set(input, on);
  }
  one.also?.(request);
  return request;
}

function answered<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(new ProviderError(error.details)) : resolve(response)));
  });
}
