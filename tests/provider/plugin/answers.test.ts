import { ErrorResourceInitFailed, PropertyDiff, type DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { UnfinishedError } from "../../../provider/errors";
import { diffOf, RpcError } from "../../../provider/hosts/plugin/answers";
import { type PropertyChange } from "../../../provider/hosts/plugin/detailed-diff";
import { opened } from "../../../provider/hosts/plugin/wire";

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
const answer = (changes: PropertyChange[], more: Partial<Parameters<typeof diffOf>[0]> = {}): DiffResponse =>
  diffOf({ isChanged: true, changes, replaces: [], ...more });

it.each<[PropertyChange["does"], boolean, number]>([
  ["add", false, ADD],
  ["add", true, ADD_REPLACE],
  ["delete", false, DELETE],
  ["delete", true, DELETE_REPLACE],
  ["update", false, UPDATE],
  ["update", true, UPDATE_REPLACE],
])("a change that does %s (a replacement: %p) is of the kind %p, between inputs or outputs", (does, replaces, kind) => {
  for (const between of ["inputs", "outputs"] as const) {
    const detail = answer([{ path: "country", does, replaces, of: between }])
      .getDetaileddiffMap()
      .get("country");
    expect([detail?.getKind(), detail?.getInputdiff()]).toEqual([kind, between === "inputs"]);
  }
});

it("a property is named once, and its items by their paths", () => {
  const one = { does: "update", replaces: false, of: "inputs" } as const;
  const paths = ["enabled", "excludedDeviceIds[0]", "excludedDeviceIds[12]"];
  const told = answer(paths.map((path) => ({ ...one, path })));
  expect(told.getDiffsList()).toEqual(["enabled", "excludedDeviceIds"]);
  expect(told.getHasdetaileddiff()).toBe(true);
  expect(
    told
      .getDetaileddiffMap()
      .toArray()
      .map(([path]) => path),
  ).toEqual(paths);
});

it("a change of which no property is known has no details: the engine would take it for none", () => {
  expect(answer([]).getHasdetaileddiff()).toBe(false);
});

it("what replaces says so, and the new one is made first", () => {
  const told = answer([], { replaces: ["port"] });
  expect([told.getReplacesList(), told.getDeletebeforereplace()]).toEqual([["port"], false]);
});

it("the state of a half-made object leaves with its secrets as secrets", () => {
  const properties = { country: "DE", proxyPassword: "canary" };
  const error = new RpcError(new UnfinishedError("id", properties, new Error("why")), ["proxyPassword"]);
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const [packed] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const left = ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() as Uint8Array);
  const { props, secrets } = opened(left.getProperties());
  expect([props, [...secrets]]).toEqual([properties, ["proxyPassword"]]);
});

it.each([
  [new Error("no"), "no"],
  ["no", "no"],
])("any other error has its message alone", (thrown, message) => {
  const error = new RpcError(thrown);
  expect([error.message, error.details, error.metadata.get("grpc-status-details-bin")]).toEqual([message, message, []]);
});
