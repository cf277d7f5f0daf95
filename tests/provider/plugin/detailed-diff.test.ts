import { UNKNOWN } from "../../../domain/unknown";
import { changesOf } from "../../../provider/hosts/plugin/detailed-diff";

const changes = (
  kind: Parameters<typeof changesOf>[0],
  before: object,
  news: object,
  diff: object = {},
  olds: object = {},
): Record<string, string> =>
  Object.fromEntries(
    changesOf(kind, { changes: true, ...diff }, before as never, olds as never, news as never).map(
      ({ path, does, replaces, of }) => [path, `${does} ${of}${replaces ? " replace" : ""}`],
    ),
  );

test("inputs that differ are named, each as it changes", () => {
  const before = { country: "DE", carrier: "O2", expiresIn: "30d" };
  expect(changes("Port", before, { country: "PL", cityId: "c", expiresIn: "30d" })).toEqual({
    country: "update inputs",
    carrier: "delete inputs",
    cityId: "add inputs",
  });
});

test("a length in another form, and a default that is written out, are no changes", () => {
  const before = { country: "DE", expiresIn: "24h", slotType: "shared" };
  expect(changes("Port", before, { country: "DE", expiresIn: 86_400, onExpired: "replace" })).toEqual({});
});

test("texts that only look like one length of time are two", () => {
  expect(changes("Port", { cityId: "60" }, { cityId: "1m" })).toEqual({ cityId: "update inputs" });
});

test("a list is compared by its items", () => {
  const before = { port: "p", excludedDeviceIds: ["a", "b"] };
  expect(changes("RotationSettings", before, { port: "p", excludedDeviceIds: ["x", "b", "c"] })).toEqual({
    "excludedDeviceIds[0]": "update inputs",
    "excludedDeviceIds[2]": "add inputs",
  });
  const unknown = { port: "p", excludedDeviceIds: UNKNOWN };
  expect(changes("RotationSettings", before, unknown)).toEqual({ excludedDeviceIds: "update inputs" });
});

test("what forces a new object says so", () => {
  expect(changes("Port", { slotType: "shared" }, { slotType: "private" }, { replaces: ["slotType"] })).toEqual({
    slotType: "update inputs replace",
  });
});

test("where no input differs, the first property that is touched says why; inputs come before it", () => {
  const diff = { touches: ["expiresAt", "portId"] };
  expect(changes("Port", {}, {}, diff, { expiresAt: "2026" })).toEqual({ expiresAt: "update outputs" });
  expect(changes("Port", {}, { country: "DE" }, diff, {})).toEqual({ country: "add inputs" });
  expect(changes("Port", {}, {}, { touches: ["portId"] }, { expiresAt: "2026" })).toEqual({ portId: "add outputs" });
});

test("no change has no changes", () => {
  expect(changes("Port", { country: "DE" }, { country: "Germany" }, { changes: false })).toEqual({});
});

test("what the dynamic host keeps among inputs is none", () => {
  expect(changes("Port", { country: "DE", __provider: "x", __urn: "y" }, { country: "DE" })).toEqual({});
});
