import { type Api } from "../../api";
import { Slots } from "../../provider/slots";

const slots = (available: number, asked: { times: number } = { times: 0 }): Slots =>
  new Slots({
    account: {
      summary: async () => {
        asked.times += 1;
        return { shared: { slots: { available } }, private: { slots: { available: 0 } } };
      },
    },
  } as unknown as Api);

it("gives a free slot to as many replacements as there are, and asks once", async () => {
  const asked = { times: 0 };
  const two = slots(2, asked);
  expect([await two.take("a", "shared"), await two.take("b", "shared"), await two.take("c", "shared")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(asked.times).toBe(1);
});

it("keeps apart what new ports of the run need, and slots of the other type", async () => {
  const two = slots(2);
  two.need("new", "shared");
  expect([await two.take("a", "shared"), await two.take("b", "shared"), await two.take("p", "private")]).toEqual([
    true,
    false,
    false,
  ]);
});

it("does not count a new port twice that was bought before the account was asked", async () => {
  const one = slots(1);
  one.need("new", "shared");
  one.took("new", "shared");
  expect(await one.take("a", "shared")).toBe(true);
});

it("says yes where the summary tells no slots", async () => {
  const silent = new Slots({ account: { summary: async () => ({}) } } as unknown as Api);
  expect(await silent.take("a", "shared")).toBe(true);
});

it("gives the same answer to the same replacement", async () => {
  const one = slots(1);
  expect([await one.take("a", "shared"), await one.take("a", "shared")]).toEqual([true, true]);
});

it("says yes where the account cannot be asked: a purchase that fails leaves the old port at work", async () => {
  const told: string[] = [];
  const refused = { account: { summary: () => Promise.reject(new Error("needs account:read")) } } as unknown as Api;
  const unknown = new Slots(refused, (text) => told.push(text));
  expect([await unknown.take("a", "shared"), await unknown.take("b", "shared")]).toEqual([true, true]);
  expect(told).toEqual([expect.stringMatching(/slots are free is not known.*needs account:read/)]);
});
