import { findOrphans } from "../../cli/state/find-orphans";
import { parseState } from "../../cli/state/stack-state";
import { exported, heldPort, ofAccount, other, pending, renewedPort, settings } from "./exported";

const [A, B, C, D] = ["a", "b", "c", "d"].map((digit) => digit.repeat(24)) as [string, string, string, string];

it("a new stack's state is whole and holds nothing", () => {
  const state = parseState("dev", exported([]));
  expect([state.held.size, state.mentioned.size, state.pendingPurchases]).toEqual([0, 0, []]);
});

it("holds the ports that it manages, also those to be deleted and those under way", () => {
  const state = parseState(
    "dev",
    exported(
      [heldPort("a", A), heldPort("a", B, { delete: true }), heldPort("b", "odd", { outputs: { portId: C } })],
      [pending("updating", heldPort("d", D)), pending("creating", heldPort("e", "", { id: undefined, outputs: {} }))],
    ),
  );
  expect(Object.fromEntries([...state.held].map(([id, { leaving }]) => [id, leaving]))).toEqual({
    [A]: false,
    [B]: true,
    [C]: false,
    [D]: false,
  });
  // An update may be a renewal, which buys.
  expect(state.pendingPurchases).toEqual([expect.stringMatching(/::d$/), expect.stringMatching(/::e$/)]);
  expect([...state.names].sort()).toEqual(["a", "b", "d", "e"]);
});

it("a state with a tainted resource has the next version, and the port is held as ever", () => {
  const state = JSON.parse(exported([heldPort("a", A, { taint: true })])) as object;
  expect(parseState("dev", JSON.stringify({ ...state, version: 4, features: ["taint"] })).held.has(A)).toBe(true);
});

it("a port that was imported by other letters is the vendor's", () => {
  expect([...parseState("dev", exported([heldPort("a", A.toUpperCase())])).held.keys()]).toEqual([A]);
});

it("a port to be deleted that another resource holds counts as held", () => {
  const state = parseState("dev", exported([heldPort("a", A, { delete: true }), heldPort("b", A)]));
  expect(state.held.get(A)).toEqual({ urn: expect.stringMatching(/::b$/) as unknown, leaving: false });
});

it.each([
  ["settings, by their port", settings("RotationSettings", "r", A)],
  ["settings, by their port in other letters", settings("RotationSettings", "r", A.toUpperCase())],
  ["settings whose port is encrypted, by their id", settings("Credentials", "l", A, { inputs: {}, outputs: {} })],
  ["a Port that is only read", heldPort("x", A, { external: true })],
  ["an adoption that broke off", heldPort("x", "", { inputs: { __adopt: A } })],
  ["any resource, within a text", other("command:local:Command", "c", { inputs: { environment: { URL: `x/${A}?` } } })],
  ["the plaintext of a secret", other("x:y:Z", "c", { inputs: { port: { plaintext: JSON.stringify(A) } } })],
])("names a port through %s", (_, resource) => {
  const state = parseState("dev", exported([resource]));
  expect(state.mentioned.get(A)).toEqual(resource.urn);
  expect(state.held.has(A)).toBe(false);
});

it("a port among the exports of the program is no use of it", () => {
  const stack = other("pulumi:pulumi:Stack", "test-dev", { outputs: { ports: [A] } });
  expect(parseState("dev", exported([stack])).mentioned.has(A)).toBe(false);
});

const CANARY = "canary-of-a-state";

it.each([
  ["nothing", "", "is empty"],
  ["text", CANARY, "no JSON"],
  ["a state that is cut off", exported([heldPort("a", A)]).slice(0, -20), "no JSON, or cut off"],
  ["null", "null", "its whole"],
  ["no deployment", JSON.stringify({ version: 3, deployment: null }), "deployment"],
  ["another version", JSON.stringify({ version: 5, deployment: {} }), "version"],
  ["a version from before Pulumi 1", JSON.stringify({ version: 2, deployment: {} }), "version"],
  ["a resource without a type", exported([{ urn: CANARY }]), "deployment.resources.0.type"],
  ["resources that are no list", JSON.stringify({ version: 3, deployment: { resources: { CANARY } } }), "resources"],
  ["a port whose id is no text", exported([heldPort("a", A, { id: 7 })]), "deployment.resources.0.id"],
  ["the backend's own file", JSON.stringify({ version: 3, checkpoint: { latest: {} } }), "pulumi stack export"],
])("%s is no state", (_, text, why) => {
  const error = (() => {
    try {
      return parseState("dev", text);
    } catch (thrown) {
      return thrown as Error;
    }
  })() as Error;
  expect(error.message).toContain(why);
  expect(error.message).toContain("the state of dev");
  expect(error.message).not.toMatch(/\n|canary/);
});

describe("a port that was renewed", () => {
  const SINCE = "2026-03-01T00:00:00Z";
  const at = Date.parse(SINCE);
  const idsOf = (resource: Parameters<typeof exported>[0][number]): string[] => [
    ...parseState("dev", exported([resource])).held.keys(),
  ];

  it("is held by the id of the one that serves, and so are its old ones", () => {
    const { held } = parseState("dev", exported([renewedPort("a", A, B, [{ portId: C, since: SINCE }])]));
    const urn = expect.stringMatching(/::a$/) as unknown;
    expect([...held]).toEqual([
      [B, { urn, leaving: false }],
      [C, { urn, leaving: false, releaseAt: at }],
    ]);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ["after the overlap of its outputs", { overlap: "6h" }, at + 6 * 3_600_000],
    ["at the end of its own lease", { overlap: 1e6, retiring: [{ portId: C, since: SINCE, expiresAt: SINCE }] }, at],
  ])("has the time when an old one is released: %s", (_, outputs, releaseAt) => {
    const port = renewedPort("a", A, B, [{ portId: C, since: SINCE }], { outputs });
    expect(parseState("dev", exported([port])).held.get(C)).toMatchObject({ releaseAt });
  });

  it.each(["deleted", "renewing"])("has no live port where it is %s, but its old ones", (status) => {
    const gone = renewedPort("a", A, B, [{ portId: C, since: SINCE }], { outputs: { status } });
    const { held, lost } = parseState("dev", exported([gone]));
    expect([[...held.keys()], [...lost.keys()]]).toEqual([[C], [B]]);
  });

  it("is held by its id where it was bought and not read", () => {
    expect(idsOf(heldPort("a", A, { outputs: {} }))).toEqual([A]);
  });

  it.each<[string, object]>([
    ["no list", { retiring: "x" }],
    ["no ids", { retiring: [{ since: SINCE }] }],
  ])("old ones that cannot be read are none: %s", (_, outputs) => {
    expect(idsOf(heldPort("a", A, { outputs: { portId: B, ...outputs } }))).toEqual([B]);
  });

  it.each(["RotationSettings", "Credentials", "OsFingerprint", "Rotation"])(
    "is named by its %s by the id of the one that serves",
    (kind) => {
      const hidden = { inputs: { port: A, __portId: B }, outputs: { port: A, __portId: B } };
      const { mentioned } = parseState("dev", exported([settings(kind, "s", A, hidden)]));
      expect([...mentioned.keys()]).toEqual([B]);
    },
  );
});

it("ports of another account are held, and missed by nobody", () => {
  const gone = { outputs: { portId: D, status: "deleted" } };
  const state = parseState(
    "dev",
    exported([
      heldPort("own", A),
      heldPort("default", B, ofAccount("default_1_2_3")),
      heldPort("s2", C, ofAccount("second")),
      heldPort("s3", D, { ...ofAccount("second"), ...gone }),
    ]),
  );
  expect(state.held.get(C)).toMatchObject({ account: "second" });
  expect(findOrphans([], [state]).missing.map(({ id }) => id)).toEqual([A, B]);
});
