import { ApiError, type ErrorCode } from "../../../api";
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
