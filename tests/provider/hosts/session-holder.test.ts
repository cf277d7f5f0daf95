import { SessionHolder } from "../../../provider/hosts/dynamic";

const KEY = "psx_0123456789abcdef0123456789abcdef";

it.each(["notice", "info", "progress"] as const)("no %s tells the key", (way) => {
  const told: string[] = [];
  const holder = new SessionHolder({ [way]: (text: string) => told.push(text) });
  holder.configure((key) => ({ "proxies-sx:apiKey": KEY, "proxies-sx:apiUrl": "http://127.0.0.1:9" })[key]);
  holder.open()?.[way](`port ${KEY} is renewed`);
  holder.close();
  expect(told.join()).toMatch(/^port .* is renewed$/);
  expect(told.join()).not.toContain(KEY);
});
