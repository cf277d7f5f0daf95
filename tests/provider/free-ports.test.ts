import { type Port } from "../../api";
import { type Journal } from "../../provider/purchase/journal";
import { type Purchase } from "../../provider/purchase/journal-lines";
import { ClaimedPorts } from "../../provider/purchase/claimed-ports";

const NOW = 1_000_000;

/** Which of the ports "a" and "b" belong to nobody, by a journal and what this run has done. */
function free(
  { open = [], settled = {} }: { open?: Partial<Purchase>[]; settled?: Record<string, string> } = {},
  before: (claimed: ClaimedPorts) => void = () => undefined,
  ports: Partial<Port>[] = [{}, {}],
): string[] {
  const journal = {
    read: () => open,
    held: () => undefined,
    isSettled: (id: string, but?: string) => id in settled && settled[id] !== but,
  };
  const claimed = new ClaimedPorts(journal as unknown as Journal, () => NOW);
  before(claimed);
  const listed = new Map(ports.map((port, index) => ["ab"[index] as string, { id: "ab"[index] as string, ...port }]));
  return claimed.free(listed, "buyer").map(({ id }) => id);
}

it("all are free that nobody claims", () => expect(free()).toEqual(["a", "b"]));

it("none is that an open purchase claims, of whatever resource", () => {
  expect(free({ open: [{ key: "other", id: "a" }, { key: "buyer" }] })).toEqual(["b"]);
});

it("none is that this run gave out, or that the state was seen to hold", () => {
  expect(free({}, (claimed) => claimed.handOut({ id: "a" }))).toEqual(["b"]);
  expect(free({}, (claimed) => claimed.held("b"))).toEqual(["a"]);
});

it("none is whose purchase is done with, unless it was for this very resource: its state may not have been saved", () => {
  expect(free({ settled: { a: "other", b: "buyer" } })).toEqual(["b"]);
});

it("none is whose lease is over by the vendor's clock", () => {
  expect(free({}, undefined, [{ expiresAt: NOW }, { expiresAt: NOW + 1 }])).toEqual(["b"]);
  expect(free({}, undefined, [{ status: "expired" }, { status: "suspended" }])).toEqual(["b"]);
});
