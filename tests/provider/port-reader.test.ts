import { type Api, type Port } from "../../api";
import { PortReader } from "../../provider/run/port-reader";

let lists: string[][];
let calls: string[];
let now: number;
let reader: PortReader;

const whole = (id: string): Port => ({
  id,
  status: "active",
  slotType: "shared",
  createdAt: 1,
  rotationToken: "t",
  proxyPassword: "p",
});

beforeEach(() => {
  lists = [["a", "b"]];
  calls = [];
  now = 0;
  const ports = {
    list: async () => {
      calls.push("list");
      return (lists.length > 1 ? (lists.shift() as string[]) : (lists[0] as string[])).map(whole);
    },
    get: async (id: string) => {
      calls.push(`get ${id}`);
      return id.startsWith("gone") ? undefined : whole(id);
    },
  };
  reader = new PortReader({ ports } as unknown as Api, () => now);
});

it("serves many reads by one list", async () => {
  await Promise.all(["a", "b", "a", "b"].map((id) => reader.find(id)));
  expect(calls).toEqual(["list"]);
});

it("confirms an id that is missing from the list by its own GET", async () => {
  expect(await reader.find("new")).toMatchObject({ id: "new" });
  expect(await reader.find("gone-1")).toBeUndefined();
  expect(calls).toEqual(["list", "get new", "get gone-1"]);
});

it("takes a new list after a minute, not before", async () => {
  await reader.find("a");
  now = 60_000;
  await reader.find("a");
  expect(calls).toEqual(["list"]);
  now = 60_001;
  await reader.find("a");
  expect(calls).toEqual(["list", "list"]);
});

it("does not keep a list that failed", async () => {
  const failing = new PortReader({
    ports: {
      list: jest
        .fn()
        .mockRejectedValueOnce(new Error("down"))
        .mockResolvedValue([whole("a")]),
    },
  } as unknown as Api);
  await expect(failing.find("a")).rejects.toThrow("down");
  expect(await failing.find("a")).toMatchObject({ id: "a" });
});

it("never answers from a list that is older than this process's own write", async () => {
  await reader.find("a");
  reader.wrote("a", undefined);
  await reader.find("a");
  expect(calls).toEqual(["list", "get a"]);
  await reader.find("a");
  expect(calls).toEqual(["list", "get a"]);
});

it("answers from the whole port that a write gave, with later changes on top", async () => {
  reader.wrote("a", whole("a"));
  reader.amend(whole("a"), { osFingerprint: "windows:1" });
  reader.amend(whole("a"), { proxyLogin: "l" });
  expect(await reader.find("a")).toMatchObject({ osFingerprint: "windows:1", proxyLogin: "l" });
  expect(calls).toEqual([]);
});

it("asks again for a port that it deleted", async () => {
  await reader.find("a");
  reader.removed("a");
  await reader.find("a");
  expect(calls).toEqual(["list", "get a"]);
});

it("completes several sparse answers by one list, a single one by its own GET", async () => {
  await Promise.all(["a", "b"].map((id) => reader.complete(id)));
  expect(calls).toEqual(["list"]);
  await reader.complete("a");
  expect(calls).toEqual(["list", "get a"]);
});

describe("a port that was only just bought", () => {
  let slept: number[];
  /** One that the vendor knows from the n-th question on. */
  const late = (from: number): PortReader => {
    slept = [];
    const get = async (id: string): Promise<Port | undefined> => (
      calls.push(id),
      calls.length < from ? undefined : whole(id)
    );
    const ports = { get, list: async () => [] };
    return new PortReader(
      { ports } as unknown as Api,
      () => now,
      async (ms) => void slept.push(ms),
    );
  };

  it.each([
    [1, []],
    [2, [500]],
    [4, [500, 1_500, 4_000]],
    [5, [500, 1_500, 4_000]],
  ])("is asked for up to four times, with longer pauses: known at question %p", async (from, pauses) => {
    const one = late(from);
    expect((await one.askYoung("a"))?.id).toBe(from < 5 ? "a" : undefined);
    expect(slept).toEqual(pauses);
  });

  it("is one of an answer to a purchase too, and no other is asked for twice", async () => {
    const one = late(2);
    one.bought({ id: "a" });
    expect(await one.find("a")).toMatchObject({ id: "a" });
    calls = [];
    expect(await one.ask("b")).toBeUndefined();
    expect(calls).toEqual(["b"]);
  });

  it.each(["status", "slotType", "createdAt", "rotationToken", "proxyPassword"] as const)(
    "of which the answer had no %s is asked for before it is used",
    async (field) => {
      const { [field]: _, ...part } = whole("a");
      reader.bought(part);
      expect(await reader.find("a")).toEqual(whole("a"));
      expect(calls).toEqual(["get a"]);
    },
  );

  it("of which the answer had all is not, with a link in place of a token too", async () => {
    const linked = { ...whole("a"), rotationToken: undefined, rotationLink: "https://x" };
    reader.bought(linked);
    expect(await reader.find("a")).toEqual(linked);
    expect(calls).toEqual([]);
  });
});

it("a GET that finds nothing new is not kept in place of the list", async () => {
  await reader.ask("a");
  await reader.find("a");
  expect(calls).toEqual(["get a", "list"]);
});

it("a whole answer ends what a write left open", async () => {
  reader.wrote("a", undefined);
  reader.wrote("a", whole("a"));
  reader.wrote("b", undefined);
  reader.amend(whole("b"), { name: "n" });
  expect([await reader.find("a"), await reader.find("b")]).toEqual([whole("a"), { ...whole("b"), name: "n" }]);
  expect(calls).toEqual([]);
});

it("takes one list for sparse answers only where that costs less than a GET each", async () => {
  lists = [Array.from({ length: 250 }, (_, index) => `p${index}`)];
  await reader.all();
  await Promise.all(["p1", "p2", "p3"].map((id) => reader.complete(id)));
  expect(calls).toEqual(["list", "get p1", "get p2", "get p3"]);
  calls = [];
  await Promise.all(["p1", "p2", "p3", "p4"].map((id) => reader.complete(id)));
  expect(calls).toEqual(["list"]);
});
