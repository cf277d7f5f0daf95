import { ApiError } from "../../../api";
import { InputError, ProviderError, UnfinishedError } from "../../../provider/errors";
import { type AnyHandler } from "../../../provider/handler";
import { dynamicHost } from "../../../provider/hosts/dynamic";
import { type Holder, type Opened } from "../../../provider/hosts/holder";
import { Redactor } from "../../../text";

/** What stands between the engine and a handler, with a handler that only answers. */
const KEY = "psx_0123456789abcdef0123456789abcdef";
type Methods = Partial<AnyHandler<object, object, Opened>>;
const SENT = {
  __provider: "the constant text",
  __urn: "acme dev::login",
  __portId: "p2",
  port: "p1",
  proxyLogin: "team",
  proxyPassword: "hunter2",
};
const ARGS = { port: "p1", proxyLogin: "team", proxyPassword: "hunter2" };
const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/proxies-sx:Credentials::login";

let held: string[];
let begun: unknown[];
beforeEach(() => {
  held = [];
  begun = [];
  jest.replaceProperty(process, "env", { ...process.env, PULUMI_NODEJS_PROJECT: "shop" });
});
afterEach(() => jest.restoreAllMocks());

const opened = { memory: { engineHolds: (urn: string) => held.push(urn) } } as unknown as Opened;

function host(methods: Methods, session: Opened | undefined = opened) {
  const holder = {
    begin: async (stack: unknown) => void begun.push(stack),
    open: () => session,
    configure: () => undefined,
    explained: (error: unknown) => error,
    redactor: new Redactor([KEY]),
  };
  const handler = { kind: "Credentials", ...methods } as AnyHandler<object, object, Opened>;
  return dynamicHost(handler, holder as unknown as Holder<object, Opened>);
}
const noSession = (methods: Methods) => {
  const holder = {
    begin: async () => undefined,
    open: () => undefined,
    explained: (error: unknown) => error,
    redactor: new Redactor([KEY]),
  };
  const handler = { kind: "Credentials", ...methods } as AnyHandler<object, object, Opened>;
  return dynamicHost(handler, holder as unknown as Holder<object, Opened>);
};
const thrown = (call: Promise<unknown>): Promise<Error & { properties?: object; id?: string }> =>
  call.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: Error) => error,
  );

describe("check", () => {
  it("is given what the program set, without what is hidden, and the inputs of before where there are some", async () => {
    const check = jest.fn(async () => undefined);
    const olds = { ...SENT, proxyLogin: "before", proxyPassword: null };
    expect(await host({ check }).check(olds, SENT)).toEqual({ inputs: SENT, failures: [] });
    const hidden = expect.objectContaining({ urn: URN, owner: "acme", portId: "p2" }) as object;
    const asked = { news: ARGS, hidden, session: opened };
    expect(check).toHaveBeenLastCalledWith({ ...asked, olds: { port: "p1", proxyLogin: "before" } });
    expect([held, begun]).toEqual([[URN], ["acme/shop/dev"]]);
    await host({ check }).check({}, SENT);
    expect(check).toHaveBeenLastCalledWith({ ...asked, olds: undefined });
    expect(held).toEqual([URN]);
  });

  it("adds the inputs that the handler gives", async () => {
    const { inputs } = await host({ check: async () => ({ proxyLogin: "chosen" }) }).check({}, SENT);
    expect(inputs).toEqual({ ...SENT, proxyLogin: "chosen" });
  });

  it("says what is wrong without the name of a property, by which the engine would print its value", async () => {
    const check = async (): Promise<void> => {
      throw new InputError("proxyPassword", `hunter2 and ${KEY} are none`);
    };
    const { inputs, failures } = await host({ check }).check({}, SENT);
    expect([inputs, failures]).toEqual([
      SENT,
      [{ property: "", reason: expect.stringMatching(/^proxyPassword: /) as string }],
    ]);
    expect(failures[0]?.reason).not.toMatch(/hunter2|psx_/);
  });

  it("refuses a name that the kind does not have, also without a session; all else waits for one", async () => {
    const check = jest.fn(async () => undefined);
    const { failures } = await noSession({ check }).check({}, { ...SENT, proxyLogon: "x" });
    expect(failures[0]?.reason).toMatch(/^proxyLogon: is not an input\. Did you mean "proxyLogin"\?/);
    expect(await noSession({ check }).check({}, SENT)).toEqual({ inputs: SENT, failures: [] });
    expect(check).not.toHaveBeenCalled();
  });
});

describe("diff", () => {
  it("hands over what the handler says, with the state without the host's own key", async () => {
    const diff = jest.fn(async () => ({ changes: false, replaces: ["port"] }));
    const olds = { ...ARGS, __provider: "the constant text", __found: { proxyLogin: "first" } };
    expect(await host({ diff }).diff("id", olds, SENT)).toEqual({ changes: false, replaces: ["port"] });
    const { __provider: _, ...state } = olds;
    expect(diff).toHaveBeenCalledWith(expect.objectContaining({ id: "id", olds: state, news: ARGS }));
  });

  it("says that there are changes while settings are not known", async () => {
    expect(await noSession({}).diff("id", {}, SENT)).toEqual({ changes: true });
  });
});

describe("what the engine keeps", () => {
  const odd = { at: new Date(0), none: undefined, text: `by ${KEY}`, list: [{ deep: KEY }], size: 5 };
  const kept = { at: "1970-01-01T00:00:00.000Z", text: "by [secret]", list: [{ deep: "[secret]" }], size: 5 };

  it("is plain, and has no key, whichever call returns it", async () => {
    const methods: Methods = {
      create: async () => ({ id: "1", state: odd }),
      update: async () => odd,
      read: async () => ({ state: odd, inputs: odd, drifted: true }),
    };
    expect(await host(methods).create(SENT)).toEqual({ id: "1", outs: kept });
    expect(await host(methods).update("1", {}, SENT)).toEqual({ outs: kept });
    expect(await host(methods).read("1", {})).toEqual({ id: "1", props: kept, inputs: kept });
  });

  it("is nothing of what is gone, and no inputs where they are as they were", async () => {
    expect(await host({ read: async () => undefined }).read("1", {})).toEqual({});
    expect(await host({ read: async () => ({ state: {}, inputs: {}, drifted: false }) }).read("1", {})).toEqual({
      id: "1",
      props: {},
    });
  });

  it("is all of what was made, where a later step failed", async () => {
    const create = async (): Promise<never> => {
      throw new UnfinishedError("1", odd, new Error(`hunter2: ${KEY}`));
    };
    const error = await thrown(host({ create }).create(SENT));
    expect(error).toBeInstanceOf(UnfinishedError);
    expect(error).toMatchObject({ id: "1", properties: { ...kept, __provider: SENT.__provider } });
    expect(error.message).toBe("[secret]: [secret]");
  });
});

describe("an error", () => {
  const failing = (error: unknown): Methods => {
    const fail = async (): Promise<never> => {
      throw error;
    };
    return { diff: fail, create: fail, read: fail, update: fail, delete: fail };
  };

  it("shows no secret of inputs, of the state, or of what was there before", async () => {
    const error = new Error("hunter2 hunter1 hunter0\nin a second line");
    const olds = { proxyPassword: "hunter1", __found: { proxyPassword: "hunter0" } };
    for (const call of [host(failing(error)).update("1", olds, SENT), host(failing(error)).diff("1", olds, SENT)]) {
      const { message } = await thrown(call);
      expect(message).not.toMatch(/hunter|\n/);
      expect(message).toMatch(/in a second line$/);
    }
    const { message } = await thrown(host(failing(error)).delete("1", olds));
    expect(message).not.toMatch(/hunter[01]/);
  });

  it("is one of the provider's, of few characters, whatever was thrown", async () => {
    for (const odd of ["just text", new TypeError("a fault of ours")]) {
      const error = await thrown(host(failing(odd)).read("1", { __found: null }));
      expect(error).toBeInstanceOf(ProviderError);
      expect([error.message, error.stack]).toEqual([odd instanceof Error ? odd.message : odd, ""]);
    }
    expect((await thrown(host(failing(new Error("long ".repeat(2_000)))).read("1", {}))).message.length).toBeLessThan(
      4_100,
    );
  });

  it("that was reported before is named, and not repeated", async () => {
    const refused = new ApiError({ code: "forbidden", reason: "a long reason", sent: "refused" });
    expect((await thrown(host(failing(refused.but({ repeated: true }))).create(SENT))).message).toBe(
      "not tried after an earlier call of this run was refused: see its error (forbidden).",
    );
    expect((await thrown(host(failing(refused)).create(SENT))).message).toContain("a long reason");
  });

  it("is that of a setting which is not known, where something must be done", async () => {
    const done = jest.fn();
    const idle = noSession({ create: done, update: done, read: done, delete: done });
    const calls = [idle.create(SENT), idle.update("1", {}, SENT), idle.read("1", {}), idle.delete("1", {})];
    for (const call of calls) expect((await thrown(call)).message).toBe("a setting of proxies-sx is not known yet.");
    expect(done).not.toHaveBeenCalled();
  });
});
