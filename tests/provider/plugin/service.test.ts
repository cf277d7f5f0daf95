import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { UNKNOWN } from "../../../domain/unknown";
import { RpcError } from "../../../provider/hosts/plugin/answers";
import { Calls } from "../../../provider/hosts/plugin/calls";
import { Fleets } from "../../../provider/hosts/plugin/fleets";
import { Lookups } from "../../../provider/hosts/plugin/lookups";
import { resourcesOf } from "../../../provider/hosts/plugin/resources";
import { serviceOf } from "../../../provider/hosts/plugin/service";
import { opened, sealed } from "../../../provider/hosts/plugin/wire";
import { RunEnd } from "../../../provider/hosts/run-end";
import { SessionHolder } from "../../../provider/hosts/session-holder";
import { WalletHolder } from "../../../provider/hosts/wallet-holder";
import { World } from "../../lifecycle/life";

/** The calls of the engine, without an engine: what each gets for an answer. */
type Props = Record<string, unknown>;

const URN = "urn:pulumi:dev::test::proxies-sx:index:Port::a";
const LOGIN = "urn:pulumi:dev::test::proxies-sx:index:Credentials::login";
const PORT = { country: "DE", expiresIn: "30d" };

let world: World;
let account: SessionHolder;
let infos: string[];
let configured: (string | undefined)[];
let begun: string[];
let service: ReturnType<typeof serviceOf>;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.emulator.control.reset();
  infos = [];
  configured = [];
  begun = [];
  await newProcess();
});
afterEach(() => account.close());

async function newProcess(): Promise<void> {
  account?.close();
  const surroundings = { info: (text: string) => void infos.push(text), exportStack: async () => "{}" };
  account = new SessionHolder(surroundings);
  const wallets = new WalletHolder(surroundings);
  const runEnd = new RunEnd(() => account.purchases);
  service = serviceOf({
    version: "1.2.3",
    resources: resourcesOf(account, wallets, runEnd),
    lookups: new Lookups(account, wallets),
    fleets: new Fleets(account),
    calls: new Calls(),
    begin: async (urn) => void begun.push(urn),
    configure: (config, provider) => {
      account.configure(config);
      configured.push(provider);
    },
    schema: () => "{}",
  });
  const { apiKey, url: apiUrl } = world.emulator;
  await ask("configure", new rpc.ConfigureRequest().setArgs(sealed({ apiKey, apiUrl }, ["apiKey"])));
}

function ask<Answer>(method: string, request: unknown): Promise<Answer> {
  const answer = service[method] as (call: { request: unknown }, done: (e: Error | null, a: Answer) => void) => void;
  return new Promise((resolve, reject) => {
    answer({ request }, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

const propsOf = (answer: { getProperties(): Struct | undefined }): Props => opened(answer.getProperties()).props;
const struct = (props: Props): Struct => sealed(props, []);

const check = (urn: string, news: Props, olds: Props = {}): Promise<rpc.CheckResponse> =>
  ask("check", new rpc.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news)));
const create = async (urn: string, news: Props, preview = false): Promise<rpc.CreateResponse> => {
  await check(urn, news);
  return ask("create", new rpc.CreateRequest().setUrn(urn).setProperties(struct(news)).setPreview(preview));
};
/** What a comparison says, after its check in the same process. */
async function diff(urn: string, id: string, olds: Props, before: Props, news: Props) {
  await check(urn, news, before);
  const request = new rpc.DiffRequest().setUrn(urn).setId(id).setOlds(struct(olds)).setNews(struct(news));
  const answer = await ask<rpc.DiffResponse>("diff", request.setOldInputs(struct(before)));
  return { changes: answer.getChanges(), paths: [...answer.getDetaileddiffMap().getEntryList()].map(([path]) => path) };
}
const update = (urn: string, id: string, olds: Props, news: Props, preview: boolean): Promise<rpc.UpdateResponse> =>
  ask(
    "update",
    new rpc.UpdateRequest().setUrn(urn).setId(id).setOlds(struct(olds)).setNews(struct(news)).setPreview(preview),
  );
const read = (urn: string, id: string, olds: Props = {}, before: Props = {}): Promise<rpc.ReadResponse> =>
  ask("read", new rpc.ReadRequest().setUrn(urn).setId(id).setProperties(struct(olds)).setInputs(struct(before)));

const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;

test("a provider's settings are checked, without their values, and the key is a secret", async () => {
  const checked = (props: Props): Promise<rpc.CheckResponse> =>
    ask("checkConfig", new rpc.CheckRequest().setUrn("urn:account").setNews(struct(props)));
  const reasons = async (props: Props): Promise<string[]> =>
    (await checked(props)).getFailuresList().map((one) => one.getReason());
  expect(await reasons({ apiKey: world.emulator.apiKey, version: "1.2.3" })).toEqual([]);
  for (const apiKey of [UNKNOWN, ""]) expect(await reasons({ apiKey })).toEqual([]);
  expect(await reasons({ apiUrl: 7 })).toEqual(["apiUrl: is not a text."]);
  expect(await reasons({ apiKei: "x" })).toEqual([expect.stringMatching(/^apiKei: .*Did you mean "apiKey"/)]);
  expect(await reasons({ walletKey: "secret-of-mine" })).toEqual([
    expect.stringMatching(/^proxies-sx:walletKey: a wallet's key does not belong into the stack/),
  ]);
  expect(await reasons({ walletDailyBudget: "lots" })).toEqual([
    expect.stringMatching(/^proxies-sx:walletDailyBudget .*: is no amount of USDC/),
  ]);
  expect(await reasons({ walletMainnet: UNKNOWN, walletDailyBudget: "5" })).toEqual([]);
  const [malformed] = await reasons({ apiKey: "secret-of-mine" });
  expect(malformed).toMatch(/^apiKey: is malformed/);
  expect(malformed).not.toContain("secret-of-mine");
  const inputs = opened((await checked({ apiKey: world.emulator.apiKey, apiUrl: "https://x" })).getInputs());
  expect([...inputs.secrets]).toEqual(["apiKey"]);
  expect(new Set(begun)).toEqual(new Set(["urn:account"]));
});

test("a provider's settings come with its name, where the engine gives it one", async () => {
  const request = new rpc.ConfigureRequest().setUrn("urn:account").setId("1");
  await ask("configure", request.setArgs(struct({})));
  expect(configured).toEqual([undefined, "urn:account::1"]);
});

test("bad input is refused in one line, with no property that the engine would print the value of", async () => {
  const [failure] = (await check(URN, { ...PORT, contry: "DE" })).getFailuresList();
  expect(failure?.getProperty()).toBe("");
  expect(failure?.getReason()).toMatch(/^contry: is not an input/);
  const [password] = (await check(LOGIN, { port: "p", proxyLogin: "a", proxyPassword: 7 })).getFailuresList();
  expect(password?.getReason()).toMatch(/^proxyPassword: must be a text/);
});

test("a preview of a new port knows its inputs, and buys nothing", async () => {
  const made = propsOf(await create(URN, PORT, true));
  expect(made).toMatchObject({ ...PORT, slotType: "shared", portId: UNKNOWN, httpUrl: UNKNOWN });
  expect(world.writes()).toEqual([]);
});

test("a port is bought, with its URLs, and its secrets are secrets", async () => {
  const made = await create(URN, PORT);
  const { props, secrets } = opened(made.getProperties());
  const bought = world.emulator.control.port(made.getId());
  const at = `${bought?.proxyLogin}:${bought?.proxyPassword}@${bought?.serverIp}`;
  expect(props.httpUrl).toBe(`http://${at}:${bought?.httpPort}`);
  expect(props.socks5Url).toBe(`socks5://${at}:${bought?.socksPort}`);
  expect([...secrets].sort()).toEqual(["httpUrl", "proxyPassword", "rotationToken", "rotationUrl", "socks5Url"]);
});

test("the same inputs are no change; others are named, and a preview knows what stays", async () => {
  const made = await create(URN, PORT);
  const [id, olds] = [made.getId(), propsOf(made)];
  await newProcess();
  expect(await diff(URN, id, olds, PORT, PORT)).toEqual({ changes: DIFF_NONE, paths: [] });
  const news = { ...PORT, country: "PL" };
  expect(await diff(URN, id, olds, PORT, news)).toEqual({ changes: DIFF_SOME, paths: ["country"] });
  const shown = propsOf(await update(URN, id, olds, news, true));
  expect(shown).toMatchObject({ country: "PL", portId: id, proxyPassword: olds.proxyPassword, countryCode: UNKNOWN });
  expect(shown.expiresAt).toBe(olds.expiresAt);
  expect(world.writes()).toEqual(["POST /v1/ports"]);
  expect(propsOf(await update(URN, id, olds, news, false))).toMatchObject({ country: "PL", countryCode: "PL" });
});

test("a lease that is due is a change that names its end, and says why; all of the new port is unknown", async () => {
  const made = await create(URN, PORT);
  world.emulator.control.clock.advance(28 * 86_400_000);
  await newProcess();
  const [id, olds] = [made.getId(), propsOf(made)];
  expect(await diff(URN, id, olds, PORT, PORT)).toEqual({ changes: DIFF_SOME, paths: ["expiresAt"] });
  expect(infos).toEqual([expect.stringContaining("lease ends in")]);
  const shown = propsOf(await update(URN, id, olds, PORT, true));
  expect(shown).toMatchObject({ country: "DE", portId: UNKNOWN, httpUrl: UNKNOWN, expiresAt: UNKNOWN });
  const renewed = propsOf(await update(URN, id, olds, PORT, false));
  expect(renewed.portId).not.toBe(id);
  expect(renewed.retiring).toEqual([expect.objectContaining({ portId: id })]);
});

test("an import returns inputs that declare the port, and a program with them changes nothing", async () => {
  const { id } = world.emulator.control.buyPort({ country: "GB" });
  const found = await read(URN, id);
  const inputs = opened(found.getInputs()).props;
  expect(inputs).toEqual({ country: "GB", slotType: "shared", expiresIn: expect.any(String) as string });
  expect(await diff(URN, id, propsOf(found), inputs, { ...inputs, expiresIn: inputs.expiresIn })).toEqual({
    changes: DIFF_NONE,
    paths: [],
  });
  expect(propsOf(found).renewAt).toEqual(expect.any(String));
});

test("an import of a login returns no password among inputs, and keeps it as a secret of the state", async () => {
  const { id } = world.emulator.control.buyPort({ country: "GB" });
  const found = await read(LOGIN, id);
  const bought = world.emulator.control.port(id);
  expect(opened(found.getInputs()).props).toEqual({ port: id, proxyLogin: bought?.proxyLogin });
  const { props, secrets } = opened(found.getProperties());
  expect(props.proxyPassword).toBe(bought?.proxyPassword);
  expect(secrets.has("proxyPassword")).toBe(true);
});

test("a refresh gives back the inputs as they were, unless the vendor's side differs", async () => {
  const made = await create(URN, PORT);
  const [id, olds] = [made.getId(), propsOf(made)];
  await newProcess();
  expect(opened((await read(URN, id, olds, PORT)).getInputs()).props).toEqual(PORT);
  world.emulator.control.editPort(id, { country: "GB" });
  await newProcess();
  expect(opened((await read(URN, id, olds, PORT)).getInputs()).props).toEqual({
    ...PORT,
    country: "GB",
    slotType: "shared",
  });
});

test("what does not exist is gone", async () => {
  expect((await read(URN, "6926000000000000000000aa")).getId()).toBe("");
});

test("a port that was bought and not read is an error that carries its id and its state", async () => {
  world.emulator.control.setQuirks({ sparseCreate: true });
  world.emulator.control.addFault({ method: "GET", path: "/ports/*", status: 403 });
  const error = await create(URN, PORT).then(
    () => undefined,
    (thrown: RpcError) => thrown,
  );
  expect(error).toBeInstanceOf(RpcError);
  const [bytes] = error?.metadata.get("grpc-status-details-bin") ?? [];
  const [packed] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
  expect(packed?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  const left = rpc.ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() as Uint8Array);
  const [bought] = world.emulator.control.ports();
  expect(left.getId()).toBe(bought?.id);
  expect(propsOf(left)).toMatchObject({ country: "DE", portId: bought?.id });
  expect(left.getReasonsList()).toEqual([error?.message]);
});

test("a state that the dynamic host wrote is taken over by an update that asks the vendor nothing", async () => {
  const made = await create(URN, PORT);
  const { httpUrl, socks5Url, ...state } = propsOf(made);
  await newProcess();
  world.calls();
  const olds = { ...state, __provider: "text" };
  expect(await diff(URN, made.getId(), olds, PORT, PORT)).toEqual({ changes: DIFF_SOME, paths: [] });
  expect(propsOf(await update(URN, made.getId(), olds, PORT, false))).toEqual(propsOf(made));
  expect(world.writes()).toEqual([]);
});

test("functions answer, refuse bad arguments, and a port's answer is secret", async () => {
  const asked = (name: string, args: Props): Promise<rpc.InvokeResponse> =>
    ask("invoke", new rpc.InvokeRequest().setTok(`proxies-sx:index:${name}`).setArgs(struct(args)));
  const { countries } = opened((await asked("getCountries", {})).getReturn()).props as {
    countries: { code: string }[];
  };
  expect(countries.map(({ code }) => code)).toContain("DE");
  const [failure] = (await asked("getCarriers", { country: "DE", slotType: "odd" })).getFailuresList();
  expect(failure?.getReason()).toMatch(/^getCarriers: slotType: is unknown/);
  const { id, proxyPassword } = world.emulator.control.buyPort({ country: "GB" });
  const told = opened((await asked("getPort", { port: id })).getReturn());
  expect(told.props).toMatchObject({ id, proxyPassword });
  expect(told.secrets.has("proxyPassword")).toBe(true);
  await expect(asked("getPort", { port: "6926000000000000000000aa" })).rejects.toThrow("there is no port");
  await expect(asked("constructor", {})).rejects.toThrow("there is no such function");
});

test("an unknown type is refused, and the rest of the protocol answers", async () => {
  await expect(check("urn:pulumi:dev::test::proxies-sx:index:Nothing::a", {})).rejects.toThrow("no such type");
  const info = await ask<{ getVersion(): string }>("getPluginInfo", {});
  expect(info.getVersion()).toBe("1.2.3");
  const { changes } = { changes: (await ask<rpc.DiffResponse>("diffConfig", new rpc.DiffRequest())).getReplacesList() };
  expect(changes).toEqual([]);
});

test("the key leaves in no error, whoever repeats it", async () => {
  const { apiKey } = world.emulator;
  world.emulator.control.addFault({ method: "POST", path: "/ports", status: 400, body: { message: `no: ${apiKey}` } });
  const error = await create(URN, PORT).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/no: /);
  expect((error as Error).message).not.toContain(apiKey);
});
