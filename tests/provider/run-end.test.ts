import { UnfinishedError } from "../../provider/errors";
import { type HeldPurchases } from "../../provider/billing/held-purchases";
import { type AnyHandler } from "../../provider/handler";
import { RunEnd } from "../../provider/hosts/run-end";
import { type Purchases } from "../../provider/purchase/purchases";

let given: string[];
let ended: number;
let runEnd: RunEnd;
beforeEach(() => {
  [given, ended] = [[], 0];
  const purchases = { gaveEngine: (id: string) => given.push(id), endedWell: () => (ended += 1) };
  const balance = { gaveEngine: (nonces: string[]) => given.push(...nonces), endedWell: () => (ended += 10) };
  runEnd = new RunEnd(
    () => purchases as unknown as Purchases,
    () => balance as unknown as HeldPurchases,
  );
});

type Handler = AnyHandler<{ name?: string }, object, object>;

const followed = (methods: Partial<Handler>) => {
  const handler = runEnd.follow(methods as Handler);
  const common = { hidden: {}, session: {} };
  return {
    create: (name?: string) => handler.create({ news: { name }, ...common }),
    update: () => handler.update({ id: "1", olds: {}, news: {}, ...common }),
  };
};

it("passes on the ports of answers, those of a half-made port and of a renewal too, and none of a failure", async () => {
  const answers = followed({
    create: async ({ news: { name } }) => {
      if (name === "half") throw new UnfinishedError("2", { portId: "2" }, new Error("unread"));
      if (name === "none") throw new Error("refused");
      return { id: "1", state: { portId: "1" } };
    },
    update: async () => ({ portId: "3" }),
  });
  await answers.create("whole");
  await expect(answers.create("half")).rejects.toThrow("unread");
  await expect(answers.create("none")).rejects.toThrow("refused");
  await answers.update();
  expect(given).toEqual(["1", "2", "3"]);
});

it("passes on purchases from the balance by their nonces, as the state keeps them", async () => {
  const answers = followed({
    create: async () => ({ id: "1", state: { __purchases: ["n1", "n2"] } }),
    update: async () => ({ __purchases: "odd" }),
  });
  await answers.create();
  await answers.update();
  expect(given).toEqual(["n1", "n2"]);
});

it("a run has ended in order where no call is in progress, and not where one is", async () => {
  let answer = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (answer = resolve));
  const slow = followed({ create: async () => (await waiting, { id: "1", state: { portId: "1" } }) });
  const call = slow.create();
  runEnd.interrupted();
  expect(ended).toBe(0);
  answer();
  await call;
  runEnd.interrupted();
  expect(ended).toBe(11);
});

it("without checkpoints the state is not saved yet: the purchases stay to be looked at", () => {
  process.env.PULUMI_SKIP_CHECKPOINTS = "true";
  runEnd.interrupted();
  delete process.env.PULUMI_SKIP_CHECKPOINTS;
  expect(ended).toBe(0);
});
