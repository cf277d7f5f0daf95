import { countryChoice } from "../../../provider/country-choice/handler";
import { credentials } from "../../../provider/credentials";
import { UnfinishedError } from "../../../provider/errors";
import { type DynamicProvider, dynamicHost } from "../../../provider/hosts/dynamic";
import { hosted, type Props } from "../../../provider/hosts/hosted";
import { PluginResource } from "../../../provider/hosts/plugin/resource";
import { SessionHolder } from "../../../provider/hosts/session-holder";
import { port } from "../../../provider/port/handler";
import { trafficPurchase } from "../../../provider/traffic-purchase";
import { World } from "../../lifecycle/life";

/** A state of one host in the hands of the other, without an engine: tests/plugin/moving.test.ts has that. */
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a";
const LOGIN_URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Credentials::a-login";
const ofPlugin = (urn: string): string => urn.replace("pulumi-nodejs:dynamic/proxies-sx:", "proxies-sx:index:");
const PORT = { country: "DE", expiresIn: "30d" };
const TEXT = { __provider: "text" };

let world: World;
const holders: SessionHolder[] = [];
beforeAll(async () => {
  world = await World.open();
});
afterEach(() => {
  for (const holder of holders.splice(0)) holder.close();
  world.emulator.control.reset();
  jest.restoreAllMocks();
});
afterAll(() => world.close());

function newProcess(): SessionHolder {
  const holder = new SessionHolder({ exportStack: async () => "{}", sleep: async () => undefined });
  const { apiKey, url } = world.emulator;
  holder.configure((key) => ({ "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": url })[key]);
  holders.push(holder);
  return holder;
}
const dynamic = (handler: typeof port | typeof credentials): DynamicProvider =>
  dynamicHost(handler as typeof port, newProcess());
const plugin = (handler: typeof port | typeof credentials | typeof trafficPurchase): PluginResource =>
  new PluginResource(hosted(handler as typeof port, newProcess()));

const inDynamic = (props: Props, urn = URN): Props => ({ ...props, __urn: urn, ...TEXT });

async function bought(): Promise<{ id: string; outs: Props }> {
  const { id, outs } = await dynamic(port).create(inDynamic(PORT));
  world.writes();
  return { id, outs: { ...outs, ...TEXT } };
}

/** One run of the plugin on a state of whichever host. */
async function upPlugin(resource: PluginResource, urn: string, id: string, olds: Props, news: Props) {
  await resource.check(urn, news, news);
  const diff = await resource.diff(urn, { id, olds, before: news, news });
  return { diff, state: diff.isChanged ? await resource.update(urn, { id, olds, news }, false) : olds };
}

async function upDynamic(provider: DynamicProvider, id: string, olds: Props, news: Props) {
  await provider.check(news, news);
  const diff = await provider.diff(id, olds, news);
  return { diff, state: diff.changes ? { ...(await provider.update(id, olds, news)).outs, ...TEXT } : olds };
}

it("each way is an update that writes the state anew, and nothing at the vendor; then nothing is left to do", async () => {
  const { id, outs } = await bought();
  const there = await upPlugin(plugin(port), ofPlugin(URN), id, outs, PORT);
  expect(there.diff).toMatchObject({ isChanged: true, changes: [], replaces: [] });
  expect(there.state).toMatchObject({ portId: id, httpUrl: expect.stringContaining("http://") as string });
  expect(there.state).not.toHaveProperty("__provider");
  expect((await upPlugin(plugin(port), ofPlugin(URN), id, there.state, PORT)).diff.isChanged).toBe(false);

  const back = await upDynamic(dynamic(port), id, there.state, inDynamic(PORT));
  expect(back.diff).toMatchObject({ changes: true });
  expect(back.state).toEqual(outs);
  expect((await upDynamic(dynamic(port), id, back.state, inDynamic(PORT))).diff).toMatchObject({ changes: false });
  expect(world.writes()).toEqual([]);
});

it("what else is due is done by the same update, and a later one is none of a move", async () => {
  const { id, outs } = await bought();
  const moved = await upPlugin(plugin(port), ofPlugin(URN), id, outs, { ...PORT, country: "PL" });
  expect(moved.state).toMatchObject({ countryCode: "PL" });
  expect(world.writes()).toEqual([expect.stringContaining("reconfigure")]);

  const provider = dynamic(port);
  await upDynamic(provider, id, moved.state, inDynamic({ ...PORT, country: "PL" }));
  const { state } = await upDynamic(provider, id, { ...moved.state, ...TEXT }, inDynamic(PORT));
  expect(state).toMatchObject({ countryCode: "DE" });
  expect(world.writes()).toEqual([expect.stringContaining("reconfigure")]);
});

it.each([undefined, "urn:before"])("a refresh leaves the name of a purchase as it was: %p", async (__boughtAs) => {
  const olds = { amountGB: 5, slotType: "shared", ...(__boughtAs && { __boughtAs }) };
  const urn = "urn:pulumi:dev::test::proxies-sx:index:TrafficPurchase::t";
  const found = await plugin(trafficPurchase).read(urn, "id", olds, olds);
  expect(found?.state.__boughtAs).toBe(__boughtAs);
});

it("resources of one id are distinguished: what one has to do is done", async () => {
  const provider = dynamicHost(countryChoice, newProcess());
  const choice = (name: string, by: string): [olds: Props, news: Props] => {
    const urn = `urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:CountryChoice::${name}`;
    return [{ by: "stock", country: "DE" }, inDynamic({ by, country: "DE" }, urn)];
  };
  const [changes, moves] = [choice("a", "price"), choice("b", "stock")];
  for (const each of [changes, moves]) expect((await provider.diff("choice", ...each)).changes).toBe(true);
  expect((await provider.update("choice", ...changes)).outs).toEqual({ by: "price", country: "DE" });
  expect((await provider.update("choice", ...moves)).outs).toEqual({ by: "stock", country: "DE" });
});

it.each([
  ["to the plugin", "at once"],
  ["to the plugin", "after a refresh"],
  ["back", "at once"],
  ["back", "after a refresh"],
])("what was half-made is finished after a move %s, %s", async (way, when) => {
  jest.spyOn(Math, "random").mockReturnValue(0); // so long the client pauses between its tries
  const { id } = await bought();
  const login = { port: id, proxyLogin: "team", proxyPassword: "a-password-of-tests" };
  const urn = ofPlugin(LOGIN_URN);
  world.emulator.control.addFault({ method: "PUT", path: "/ports/*/credentials", cut: "before" });
  const made =
    way === "back"
      ? plugin(credentials).create(urn, login, false)
      : dynamic(credentials).create(inDynamic(login, LOGIN_URN));
  const left = await made.then(
    () => undefined,
    (error: unknown) => error as UnfinishedError,
  );
  expect(left).toBeInstanceOf(UnfinishedError);
  world.emulator.control.clearFaults();
  const half = left?.properties as Props;
  const refreshed =
    way === "back"
      ? async () => (await plugin(credentials).read(ofPlugin(LOGIN_URN), id, half, login))?.state
      : async () => (await dynamic(credentials).read(id, half)).props;
  const olds = when === "at once" ? half : { ...(await refreshed()), ...(way !== "back" && TEXT) };
  if (way === "back") await upDynamic(dynamic(credentials), id, olds, inDynamic(login, LOGIN_URN));
  else await upPlugin(plugin(credentials), urn, id, olds, login);
  expect(world.emulator.control.port(id)).toMatchObject({ proxyLogin: "team" });
});

it.each(["dynamic", "plugin"])("what a killed run of the %s host bought is taken up by the other", async (host) => {
  const byDynamic = async (): Promise<string> => {
    const provider = dynamic(port);
    await provider.check({}, inDynamic(PORT));
    return (await provider.create(inDynamic(PORT))).id;
  };
  const byPlugin = async (): Promise<string> => {
    const resource = plugin(port);
    await resource.check(ofPlugin(URN), {}, PORT);
    return (await resource.create(ofPlugin(URN), PORT, false)).id;
  };
  const [first, second] = host === "dynamic" ? [byDynamic, byPlugin] : [byPlugin, byDynamic];
  const id = await first();
  expect(await second()).toBe(id);
  expect(world.emulator.control.purchases()).toHaveLength(1);
});
