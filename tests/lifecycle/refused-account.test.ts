import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { Life, World } from "./life";

/** What a run makes of an account that it cannot ask, and of what an earlier run made of it. */
const ARGS: PortArgs = { country: "DE", slotType: "shared", expiresIn: "30d", renewBefore: "3d" };

let world: World;
let life: Life<PortArgs>;
let id: string;

beforeEach(async () => {
  world = await World.open();
  life = new Life(port as never, world);
  await life.up(ARGS);
  id = life.state.id as string;
});
afterEach(() => world.close());

const ports = (): string[] => world.emulator.control.ports().map((one) => one.id);

it("a refused key fails each run by its own words, also one that would change nothing", async () => {
  const why = /Invalid API key \(401 unauthorized.*Check the API key/;
  world.emulator.control.addFault({ path: "/**", status: 401, body: { message: "Invalid API key" } });
  await expect(life.up(ARGS)).rejects.toThrow(why);
  await expect(life.up({ ...ARGS, country: "GB" })).rejects.toThrow(why);
  await expect(new Life<PortArgs>(port as never, world, `${life.urn}-2`).up(ARGS)).rejects.toThrow(why);
});

it("an account that cannot be reached stops no run, and a renewal keeps what was known", async () => {
  world.emulator.control.addFault({ method: "GET", path: "/account", cut: "before" });
  expect(await life.up(ARGS)).toBe("same");
  world.emulator.control.clock.advance("28d");
  const { __account } = life.state.outs;
  expect(await life.up(ARGS)).toBe("update");
  expect([typeof __account, life.state.outs.__account]).toEqual(["string", __account]);
});

it("a port that a refresh took for gone, and that serves, is not bought again", async () => {
  const right = world.apiKey;
  world.apiKey = world.emulator.control.keys.addKey(["ports:read", "ports:write"], "other");
  await life.refresh();
  expect(life.state.outs.status).toBe("deleted");
  world.apiKey = right;
  expect(await life.up(ARGS)).toBe("update");
  expect([life.state.outs.status, life.state.outs.portId, ports()]).toEqual(["active", id, [id]]);
  expect([await life.up(ARGS), await life.refresh()]).toEqual(["same", "same"]);
});
