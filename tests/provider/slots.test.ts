import { type Api, ApiError } from "../../api";
import { isRefused, Slots } from "../../provider/run/slots";

const slots = (available: number, asked: { times: number } = { times: 0 }, told: object = {}): Slots =>
  new Slots({
    account: {
      summary: async () => {
        asked.times += 1;
        return { shared: { slots: { available, ...told } }, private: { slots: { available: 0 } } };
      },
    },
  } as unknown as Api);

const bought = async (): Promise<string> => "bought";
const refusal = new ApiError({ code: "forbidden", reason: "No available shared port slots", sent: "refused" });

it("lets as many renewals buy first as slots are free, and asks once", async () => {
  const asked = { times: 0 };
  const two = slots(2, asked);
  const all = await Promise.all([1, 2, 3].map(() => two.ifFree("shared", bought)));
  expect(all).toEqual(["bought", "bought", undefined]);
  expect(asked.times).toBe(1);
});

it("keeps slots of the other type apart", async () => {
  const two = slots(2);
  expect(await two.ifFree("private", bought)).toBeUndefined();
  expect(await two.ifFree("shared", bought)).toBe("bought");
});

it("counts what is freed and what a purchase that failed leaves free", async () => {
  const one = slots(1);
  await expect(one.ifFree("shared", () => Promise.reject(refusal))).rejects.toBe(refusal);
  expect(await one.ifFree("shared", bought)).toBe("bought");
  expect(await one.ifFree("shared", bought)).toBeUndefined();
  one.freed("shared");
  expect(await one.ifFree("shared", bought)).toBe("bought");
});

it("a slot that is freed is none where more were in use than there are", async () => {
  const overdrawn = slots(0, undefined, { total: 6, used: 7 });
  expect(await overdrawn.ifFree("shared", bought)).toBeUndefined();
  overdrawn.freed("shared");
  expect(overdrawn.isFree("shared")).toBe(false);
  overdrawn.freed("shared");
  expect(overdrawn.isFree("shared")).toBe(true);
});

it("does not count on the slot of a purchase that is under way", async () => {
  const one = slots(1);
  let end = (): void => undefined;
  const running = one.taken("shared", () => new Promise<void>((resolve) => (end = resolve)));
  expect(await one.ifFree("shared", bought)).toBeUndefined();
  end();
  await running;
});

it("buys where the summary says nothing of slots", async () => {
  const silent = new Slots({ account: { summary: async () => ({}) } } as unknown as Api);
  expect(await silent.ifFree("shared", bought)).toBe("bought");
});

it("asks the account again whether an order lacked a slot", async () => {
  expect(await slots(0).lacks("shared", refusal)).toBe(true);
  expect(await slots(3).lacks("shared", refusal)).toBe(false);
});

it("buys where the account cannot be asked, says so once, and goes by the vendor's words after a refusal", async () => {
  const told: string[] = [];
  const refused = { account: { summary: () => Promise.reject(new Error("needs account:read")) } } as unknown as Api;
  const unknown = new Slots(refused, (text) => told.push(text));
  expect([await unknown.ifFree("shared", bought), await unknown.ifFree("shared", bought)]).toEqual([
    "bought",
    "bought",
  ]);
  expect(await unknown.lacks("shared", refusal)).toBe(true);
  expect(await unknown.lacks("shared", refusal.but({ reason: "No free device" }))).toBe(false);
  expect(told).toEqual([expect.stringMatching(/slots are free is not known.*needs account:read/)]);
});

it.each<[string, unknown, boolean]>([
  ["no scope", refusal, true],
  ["a conflict", refusal.but({ code: "conflict" }), true],
  ["a rejected order", refusal.but({ code: "rejected" }), true],
  ["a port that is not there", refusal.but({ code: "not_found" }), false],
  ["a lost answer", refusal.but({ maybeDone: true }), false],
  ["an error of ours", new Error("forbidden"), false],
])("surely nothing was bought after %s: %p", (_what, error, isSure) => expect(isRefused(error)).toBe(isSure));

it("an order that was answered is under way no more", async () => {
  const two = slots(2);
  await two.taken("shared", bought);
  expect(await two.lacks("shared", refusal)).toBe(false);
  await two.ifFree("shared", bought);
  expect(two.isFree("shared")).toBe(true);
});

it("purchases of each type are counted off while they are under way", async () => {
  const counts = { slots: { available: 1 } };
  const one = new Slots({ account: { summary: async () => ({ shared: counts, private: counts }) } } as unknown as Api);
  let end = (): void => undefined;
  const running = one.taken("private", () => new Promise<void>((resolve) => (end = resolve)));
  expect(await one.lacks("private", refusal)).toBe(true);
  expect(await one.lacks("shared", refusal)).toBe(false);
  end();
  await running;
});

it.each([
  [{ total: 6 }, true],
  [{ used: 9 }, true],
  [{ total: 6, used: 2 }, true],
  [{ total: 6, used: 6 }, false],
])("where the account reports %j of its slots, that one is free is %p", async (told, isFree) => {
  const one = slots(1, undefined, told);
  expect(await one.lacks("shared", refusal)).toBe(!isFree);
  expect(one.isFree("shared")).toBe(isFree);
});

it("nothing is known to be free before the account was asked", () => expect(slots(3).isFree("shared")).toBe(false));

it("a slot in the vendor's words may be one or many", async () => {
  const silent = new Slots({ account: { summary: () => Promise.reject(new Error("down")) } } as unknown as Api);
  const lacks = (reason: string): Promise<boolean> => silent.lacks("shared", refusal.but({ reason }));
  expect([await lacks("no slot left"), await lacks("all SLOTS taken"), await lacks("a slotted device")]).toEqual([
    true,
    true,
    false,
  ]);
});

it.each([
  ["all are used", { total: 3, used: 3, available: 0 }, true],
  ["one more is used than there are", { total: 3, used: 4, available: 0 }, false],
  ["nobody says", {}, true],
])("a release gives one where %s", async (_what, slots, expected) => {
  const one = new Slots({ account: { summary: async () => ({ shared: { slots } }) } } as unknown as Api);
  await one.ifFree("shared", async () => "bought");
  expect(one.wouldFree("shared")).toBe(expected);
});

it("what is under way when the account is asked counts once, and a release gives one as soon as enough have gone", async () => {
  const slots = { total: 3, used: 3, available: 0 };
  const api = { account: { summary: async () => ({ shared: { slots } }) } } as unknown as Api;
  const one = new Slots(api);
  await one.taken("shared", async () => one.ifFree("shared", async () => "bought"));
  expect(one.wouldFree("shared")).toBe(true);
  slots.used = 5;
  const over = new Slots(api);
  await over.ifFree("shared", async () => "bought");
  const seen = [1, 2, 3].map(() => {
    const would = over.wouldFree("shared");
    over.freed("shared");
    return would;
  });
  expect(seen).toEqual([false, false, true]);
});
