import { ApiError, type ErrorCode } from "../../../api";
import { UNKNOWN } from "../../../domain/unknown";
import { SessionHolder } from "../../../provider/hosts/session-holder";

const KEY = "psx_0123456789abcdef0123456789abcdef";

it.each(["notice", "info", "progress"] as const)("no %s shows the key", (way) => {
  const told: string[] = [];
  const holder = new SessionHolder({ [way]: (text: string) => told.push(text) });
  holder.configure((key) => ({ "proxies-sx:apiKey": KEY, "proxies-sx:apiUrl": "http://127.0.0.1:9" })[key]);
  holder.open()?.[way](`port ${KEY} is renewed`);
  holder.close();
  expect(told.join()).toMatch(/^port .* is renewed$/);
  expect(told.join()).not.toContain(KEY);
});

it("of each stack the first answer waits for what is to be done before it, which is done once", async () => {
  const read: string[] = [];
  const holder = new SessionHolder({ readFirst: async (stack) => void read.push(stack) });
  await Promise.all(["one", "two", "one", undefined].map((stack) => holder.begin(stack)));
  expect(read).toEqual(["one", "two"]);
});

describe("a refusal that holds for the whole run", () => {
  const refused = (code: ErrorCode): ApiError => new ApiError({ code, reason: "refused", sent: "refused" });
  const holder = (config: Record<string, string> = {}): SessionHolder => {
    const one = new SessionHolder({});
    one.configure((key) => config[key]);
    return one;
  };
  const told = (one: SessionHolder, error: unknown, keyOf: "this run" | "last up" = "this run"): ApiError =>
    one.explained(error, keyOf) as ApiError;

  it.each<ErrorCode>(["unauthorized", "forbidden", "rate_limited"])(
    "is reported once, where several resources wait for one call: %s",
    (code) => {
      const [one, shared] = [holder(), refused(code)];
      expect([told(one, shared), told(one, shared), told(one, refused(code))].map(({ repeated }) => repeated)).toEqual([
        false,
        true,
        false,
      ]);
      expect(told(one, refused(code).but({ repeated: true })).repeated).toBe(true);
    },
  );

  it("another error is each resource's own", () => {
    const [one, own] = [holder(), refused("not_found")];
    expect([told(one, own), told(one, own)]).toEqual([own, own]);
    const error = new Error("no answer of the vendor's");
    expect(one.explained(error, "this run")).toBe(error);
  });

  it("of a key that the engine keeps says where that is from", () => {
    const kept = { "proxies-sx:apiKey": KEY };
    expect(told(holder(kept), refused("unauthorized"), "last up").message).toMatch(/of the last `pulumi up`/);
    for (const other of [
      told(holder(kept), refused("unauthorized")),
      told(holder(kept), refused("forbidden"), "last up"),
      told(holder(), refused("unauthorized"), "last up"),
    ]) {
      expect(other.message).not.toMatch(/last `pulumi up`/);
    }
  });
});

describe("the session of a process", () => {
  const given = (one: SessionHolder, apiKey: string): ReturnType<SessionHolder["open"]> => {
    one.configure((key) => ({ "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": "http://127.0.0.1:9" })[key]);
    return one.open();
  };

  it("is one for all operations, also where the same settings are given again", () => {
    const one = new SessionHolder({});
    const first = given(one, KEY);
    const close = jest.spyOn(first as { close(): void }, "close");
    expect([one.open(), given(one, KEY)]).toEqual([first, first]);
    expect(given(one, KEY)).toBe(first);
    expect(close).not.toHaveBeenCalled();
  });

  it("is another where the key is another, and the one before is closed", () => {
    const one = new SessionHolder({});
    const first = given(one, KEY);
    const close = jest.spyOn(first as { close(): void }, "close");
    expect(given(one, KEY.replace("0", "1"))).not.toBe(first);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it("is none while a setting is not known, and a new one after it was closed", () => {
    const one = new SessionHolder({});
    expect(given(one, UNKNOWN)).toBeUndefined();
    expect(one.purchases).toBeUndefined();
    const first = given(one, KEY);
    const close = jest.spyOn(first as { close(): void }, "close");
    one.close();
    expect(close).toHaveBeenCalledTimes(1);
    const second = one.open();
    expect([second === undefined, second === first]).toEqual([false, false]);
    expect(one.purchases).toBe(second?.purchases);
    one.close();
    expect(() => one.close()).not.toThrow();
  });

  it("lets no key and no long text out in the line of an error, whatever was thrown", () => {
    const one = new SessionHolder({});
    given(one, KEY);
    expect([one.lineOf(new Error(`by ${KEY}`)), one.lineOf(`by ${KEY}`)]).toEqual(["by [secret]", "by [secret]"]);
    expect(one.lineOf("long ".repeat(2_000)).length).toBeLessThan(4_100);
    one.close();
  });
});
