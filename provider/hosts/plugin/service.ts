import { type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { type KindName } from "../../../domain/kinds";
import { type ConfigReader } from "../../run/account-settings";
import { attachTo } from "../engine-alive";
import { diffOf, failureOf, RpcError } from "./answers";
import { type Calls } from "./calls";
import { type Fleets } from "./fleets";
import { readerOf, SECRET_SETTINGS, settingsFault } from "./configuration";
import { type Lookups } from "./lookups";
import { type PluginResource } from "./resource";
import { resourceAt } from "./resources";
import { opened, sealed } from "./wire";

/** What a plugin is made of. */
export interface Plugin {
  version: string;
  resources: Readonly<Record<KindName, PluginResource>>;
  lookups: Lookups;
  fleets: Fleets;
  calls: Calls;
  /** To be awaited before the first answer about a resource, by its URN. */
  begin(urn: string): Promise<void>;
  /** @param provider whose settings they are, as "URN::id" */
  configure(config: ConfigReader, provider: string | undefined): void;
  /** Its schema, JSON. */
  schema(): string;
}

/** A plugin as the engine calls it: pulumirpc.ResourceProvider. What is missing here the engine can do without. */
export function serviceOf(plugin: Plugin): UntypedServiceImplementation {
  const { resources, calls } = plugin;
  const at = (urn: string): PluginResource => resourceAt(urn, resources);

  const service = {
    handshake: async (request: rpc.ProviderHandshakeRequest) => {
      attachTo(request.getEngineAddress());
      return new rpc.ProviderHandshakeResponse().setAcceptSecrets(true);
    },
    attach: async (request: { getAddress(): string }) => {
      attachTo(request.getAddress());
      return new Empty();
    },
    getPluginInfo: async () => new PluginInfo().setVersion(plugin.version),
    getSchema: async () => new rpc.GetSchemaResponse().setSchema(plugin.schema()),

    checkConfig: async (request: rpc.CheckRequest) => {
      // A provider that changes may be the first that the engine saves.
      await plugin.begin(request.getUrn());
      const { props, secrets } = opened(request.getNews());
      const fault = settingsFault(props);
      const response = new rpc.CheckResponse().setInputs(sealed(props, [...secrets, ...SECRET_SETTINGS]));
      return fault === undefined ? response : response.setFailuresList([failureOf(fault)]);
    },
    // Never a replacement: another key may be the same account's, and the resources are asked by the new provider.
    diffConfig: async () => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_UNKNOWN),
    configure: async (request: rpc.ConfigureRequest) => {
      const provider = request.hasUrn() && request.hasId() ? `${request.getUrn()}::${request.getId()}` : undefined;
      plugin.configure(readerOf(opened(request.getArgs()).props), provider);
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    },

    check: async (request: rpc.CheckRequest) => {
      const resource = at(request.getUrn());
      const news = opened(request.getNews());
      const checked = await resource.check(request.getUrn(), opened(request.getOlds()).props, news.props);
      if ("failure" in checked) return new rpc.CheckResponse().setFailuresList([failureOf(checked.failure)]);
      return new rpc.CheckResponse().setInputs(sealed({ ...news.props, ...checked.added }, secretsOf(resource, news)));
    },
    diff: async (request: rpc.DiffRequest) => {
      const [olds, news] = [opened(request.getOlds()).props, opened(request.getNews()).props];
      const before = opened(request.getOldInputs()).props;
      return diffOf(await at(request.getUrn()).diff(request.getUrn(), { id: request.getId(), olds, before, news }));
    },
    create: async (request: rpc.CreateRequest) => {
      const resource = at(request.getUrn());
      const news = opened(request.getProperties());
      const made = await keeping(secretsOf(resource, news), () =>
        calls.within(request.getTimeout(), () => resource.create(request.getUrn(), news.props, request.getPreview())),
      );
      return new rpc.CreateResponse().setId(made.id).setProperties(sealed(made.state, secretsOf(resource, news)));
    },
    read: async (request: rpc.ReadRequest) => {
      const resource = at(request.getUrn());
      const [olds, before] = [opened(request.getProperties()), opened(request.getInputs())];
      const found = await calls.within(request.getTimeout(), () =>
        resource.read(request.getUrn(), request.getId(), olds.props, before.props),
      );
      if (!found) return new rpc.ReadResponse();
      const secrets = secretsOf(resource, olds, before);
      return new rpc.ReadResponse()
        .setId(found.id)
        .setProperties(sealed(found.state, secrets))
        .setInputs(sealed(found.inputs, secrets));
    },
    update: async (request: rpc.UpdateRequest) => {
      const resource = at(request.getUrn());
      const [olds, news] = [opened(request.getOlds()), opened(request.getNews())];
      const change = { id: request.getId(), olds: olds.props, news: news.props };
      const secrets = secretsOf(resource, news);
      const state = await keeping(secrets, () =>
        calls.within(request.getTimeout(), () => resource.update(request.getUrn(), change, request.getPreview())),
      );
      return new rpc.UpdateResponse().setProperties(sealed(state, secrets));
    },
    delete: async (request: rpc.DeleteRequest) => {
      const olds = opened(request.getProperties()).props;
      await calls.within(request.getTimeout(), () =>
        at(request.getUrn()).delete(request.getUrn(), request.getId(), olds),
      );
      return new Empty();
    },

    invoke: async (request: rpc.InvokeRequest) => {
      const asked = await plugin.lookups.ask(request.getTok(), opened(request.getArgs()));
      if ("failure" in asked) return new rpc.InvokeResponse().setFailuresList([failureOf(asked.failure)]);
      return new rpc.InvokeResponse().setReturn(sealed(asked.answer, asked.isSecret ? Object.keys(asked.answer) : []));
    },
    construct: async (request: rpc.ConstructRequest) => plugin.fleets.construct(request),
    cancel: async () => {
      calls.cancel();
      return new Empty();
    },
  };
  return Object.fromEntries(Object.entries(service).map(([name, answer]) => [name, unary(answer as Answer)]));
}

/** Names of properties that are secret by their kind, or because what the program gave is. */
const secretsOf = ({ secrets }: PluginResource, ...all: { secrets: ReadonlySet<string> }[]): string[] => [
  ...secrets,
  ...all.flatMap((one) => [...one.secrets]),
];

/** An error of a half-made object is returned with these of its properties as secrets. */
async function keeping<T>(secrets: Iterable<string>, call: () => Promise<T>): Promise<T> {
  return call().catch((error: unknown) => {
    throw new RpcError(error, secrets);
  });
}

type Answer = (request: unknown) => Promise<unknown>;

const unary =
  (answer: Answer) =>
  (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>): void => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(error instanceof RpcError ? error : new RpcError(error)),
    );
  };
