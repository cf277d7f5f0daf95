import { homedir } from "node:os";
import { join } from "node:path";
import { UNKNOWN } from "../../domain/unknown";
import { accountFolder } from "../../provider/run/account-folder";
import { readSettings } from "../../provider/run/account-settings";

const [KEY, OTHER] = ["a", "b"].map((digit) => `psx_${digit.repeat(32)}`) as [string, string];
const read = (config: { apiKey?: string; apiUrl?: string }, env: Record<string, string> = {}) =>
  readSettings((key) => (config as Record<string, string>)[key.replace("proxies-sx:", "")], env);

it.each([
  ["the configuration wins", { apiKey: KEY, apiUrl: "https://one.example" }, "https://one.example"],
  ["then comes the environment", { apiKey: KEY }, "https://two.example"],
])("%s", (_what, config, apiUrl) => {
  const env = { PROXIES_API_KEY: OTHER, PROXIES_API_URL: "https://two.example" };
  expect(read(config, env)).toEqual({ apiKey: KEY, apiUrl });
  expect(read({}, env)).toEqual({ apiKey: OTHER, apiUrl: "https://two.example" });
});

it("without an URL it is the vendor's", () => expect(read({ apiKey: KEY })?.apiUrl).toBe("https://api.proxies.sx"));

it("nothing is said while a preview does not know one of them", () => {
  expect([read({ apiKey: UNKNOWN }), read({ apiKey: KEY, apiUrl: UNKNOWN })]).toEqual([undefined, undefined]);
});

it.each([
  [
    {},
    /^proxies-sx:apiKey is not set: run `pulumi config set --secret proxies-sx:apiKey`, which asks for it, or set PROXIES_API_KEY\.$/,
  ],
  [{ apiKey: "canary" }, /^proxies-sx:apiKey is malformed: .*[^.]; run `pulumi config set/],
  [{ apiKey: KEY, apiUrl: "http://elsewhere.example" }, /^proxies-sx:apiUrl: /],
])("what is wrong with %j is one line, without the value", (config, message) => {
  expect(() => read(config)).toThrow(message);
  expect(() => read(config)).not.toThrow(/canary|\n/);
});

describe("the folder of an account", () => {
  const account = { apiKey: KEY, apiUrl: "https://api.proxies.sx" };
  const of = (env: Record<string, string>, more: object = {}): string => accountFolder({ ...account, ...more }, env);

  it("is the one that the user names, else in the user's folder for state", () => {
    const name = of({ PROXIES_SX_JOURNAL_DIR: "/named", XDG_STATE_HOME: "/state" }).replace("/named/", "");
    expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect(of({ XDG_STATE_HOME: "/state" })).toBe(join("/state", "pulumi-proxies-sx", name));
    expect(of({})).toBe(join(homedir(), ".local", "state", "pulumi-proxies-sx", name));
  });

  it("is the same from wherever a run is started: a relative path is none", () => {
    expect(() => of({ PROXIES_SX_JOURNAL_DIR: ".journal" })).toThrow(
      /^PROXIES_SX_JOURNAL_DIR is a relative path, .*\. Give an absolute one\.$/,
    );
    // So does the specification of that variable.
    expect(of({ XDG_STATE_HOME: "state" })).toBe(of({}));
  });

  it("is another for each key and each server", () => {
    const all = [{}, { apiKey: OTHER }, { apiUrl: "http://127.0.0.1:1" }].map((more) => of({}, more));
    expect(new Set(all).size).toBe(3);
  });
});
