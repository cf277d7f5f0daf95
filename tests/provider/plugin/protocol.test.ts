import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { UNKNOWN } from "../../../domain/unknown";
import { UnfinishedError } from "../../../provider/errors";
import { engineAddress } from "../../../provider/hosts/engine-alive";
import { type Props } from "../../../provider/hosts/hosted";
import { type RpcError } from "../../../provider/hosts/plugin/answers";
import { Calls } from "../../../provider/hosts/plugin/calls";
import { readerOf } from "../../../provider/hosts/plugin/configuration";
import { type PluginResource } from "../../../provider/hosts/plugin/resource";
import { type Plugin, serviceOf } from "../../../provider/hosts/plugin/service";
import { opened, sealed } from "../../../provider/hosts/plugin/wire";

/** What the engine gets of a resource's answers, and what else it asks, whatever the resources do. */
const URN = "urn:pulumi:dev::test::proxies-sx:index:Rotation::a";

let calls: Calls;
let configured: unknown[];
let said: unknown[];
let resource: Partial<Record<keyof PluginResource, unknown>>;
let service: ReturnType<typeof serviceOf>;
beforeEach(() => {
  [calls, configured, said, resource] = [new Calls(() => () => undefined), [], [], { secrets: ["token"] }];
  const at = new Proxy({}, { get: () => resource });
  const configure: Plugin["configure"] = (config, provider) =>
    void configured.push(config("proxies-sx:apiUrl"), provider);
  service = serviceOf({
    calls,
    resources: at,
    configure,
    schema: () => "its schema",
    version: "1",
  } as unknown as Plugin);
});

function ask<Answer>(method: string, request: unknown): Promise<Answer> {
  const answer = service[method] as (call: { request: unknown }, done: (e: Error | null, a: Answer) => void) => void;
  return new Promise((resolve, reject) =>
    answer({ request }, (error, response) => (error ? reject(error) : resolve(response))),
  );
}
const secretsIn = (answer: { getProperties(): Parameters<typeof opened>[0] }): string[] =>
  [...opened(answer.getProperties()).secrets].sort();

it("by its first call it knows the engine, and takes secrets; an engine that it is attached to is another", async () => {
  const request = new rpc.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1");
  expect((await ask<rpc.ProviderHandshakeResponse>("handshake", request)).getAcceptSecrets()).toBe(true);
  expect(engineAddress()).toBe("127.0.0.1:1");
  await ask("attach", { getAddress: () => "127.0.0.1:2" });
  expect(engineAddress()).toBe("127.0.0.1:2");
});

it("settings are taken with secrets and previews; a provider has a name only with both of its parts", async () => {
  const request = (): rpc.ConfigureRequest => new rpc.ConfigureRequest().setArgs(sealed({ apiUrl: "u" }, ["apiUrl"]));
  const answer = await ask<rpc.ConfigureResponse>("configure", request().setUrn("urn:a").setId("1"));
  expect([answer.getAcceptsecrets(), answer.getSupportspreview()]).toEqual([true, true]);
  await ask("configure", request().setUrn("urn:a"));
  await ask("configure", request().setId("1"));
  expect(configured).toEqual(["u", "urn:a::1", "u", undefined, "u", undefined]);
});

it("a setting that is no text, or is missing, is not read", () => {
  const read = readerOf({ apiUrl: "u", walletMainnet: true });
  expect(["proxies-sx:apiUrl", "proxies-sx:walletMainnet", "proxies-sx:apiKey"].map(read)).toEqual([
    "u",
    undefined,
    undefined,
  ]);
});

it("a schema is what the plugin has, and other settings of a provider replace nothing", async () => {
  expect((await ask<rpc.GetSchemaResponse>("getSchema", {})).getSchema()).toBe("its schema");
  const { DIFF_UNKNOWN } = rpc.DiffResponse.DiffChanges;
  expect((await ask<rpc.DiffResponse>("diffConfig", new rpc.DiffRequest())).getChanges()).toBe(DIFF_UNKNOWN);
});

it("inputs that are checked come back with what the check adds, and with the program's secrets as secrets", async () => {
  resource.check = async () => ({ added: { country: "DE" } });
  const news = sealed({ port: "p", triggers: ["a"], token: "t", country: UNKNOWN }, ["triggers"]);
  const answer = await ask<rpc.CheckResponse>("check", new rpc.CheckRequest().setUrn(URN).setNews(news));
  const { props, secrets } = opened(answer.getInputs());
  expect(props).toEqual({ port: "p", triggers: ["a"], token: "t", country: "DE" });
  expect([[...secrets].sort(), answer.getFailuresList()]).toEqual([["token", "triggers"], []]);
});

describe("what the program gave as a secret is one in the state", () => {
  const state: Props = { token: "t", triggers: ["a"], port: "p" };
  const given = sealed({ port: "p", triggers: ["a"] }, ["triggers"]);

  it("after a create, also of a half-made object", async () => {
    const request = new rpc.CreateRequest().setUrn(URN).setProperties(given);
    resource.create = async () => ({ id: "id", state });
    expect(secretsIn(await ask<rpc.CreateResponse>("create", request))).toEqual(["token", "triggers"]);
    resource.create = () => Promise.reject(new UnfinishedError("id", state, new Error("why")));
    const error = await ask("create", request).catch((thrown: unknown) => thrown);
    const [bytes] = (error as RpcError).metadata.get("grpc-status-details-bin") as [Buffer];
    expect(bytes.toString("latin1").split("4dabf18193072939515e22adb298388d")).toHaveLength(3);
  });

  it("after an update", async () => {
    resource.update = async () => state;
    const request = new rpc.UpdateRequest().setUrn(URN).setNews(given);
    expect(secretsIn(await ask<rpc.UpdateResponse>("update", request))).toEqual(["token", "triggers"]);
  });

  it("after a refresh", async () => {
    resource.read = async () => ({ id: "id", state, inputs: { triggers: ["a"] } });
    const request = new rpc.ReadRequest().setUrn(URN).setId("id").setInputs(given);
    const answer = await ask<rpc.ReadResponse>("read", request);
    expect([secretsIn(answer), [...opened(answer.getInputs()).secrets]]).toEqual([["token", "triggers"], ["triggers"]]);
  });
});

it("a delete has the state, and its own time", async () => {
  resource.delete = async (...all: unknown[]) => void said.push(...all);
  const request = new rpc.DeleteRequest()
    .setUrn(URN)
    .setId("id")
    .setProperties(sealed({ token: "t" }, ["token"]));
  await ask("delete", request);
  expect(said).toEqual([URN, "id", { token: "t" }]);
});

it("a run that the user interrupts is interrupted here", async () => {
  await ask("cancel", {});
  expect(calls.interrupted.aborted).toBe(true);
});
