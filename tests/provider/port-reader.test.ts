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
