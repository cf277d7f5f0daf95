import { ProgramMemory } from "../../provider/run/program-memory";

let memory: ProgramMemory;
beforeEach(() => (memory = new ProgramMemory()));

it("a create of what the state holds makes a replacement, and of nothing else", () => {
  memory.engineHolds("a");
  expect(["a", "b", undefined].map((urn) => memory.isHeld(urn))).toEqual([true, false, false]);
});

it("an update does what the last comparison of its own resource decided", () => {
  const decision = { renews: true, releases: [] };
  memory.decide("a", { renews: false, releases: [] });
  memory.decide("a", decision);
  expect([memory.decisionOn("a"), memory.decisionOn("b")]).toEqual([decision, undefined]);
});

it("a Port that this run is to buy a port for is distinguished from one that it has not met", () => {
  memory.serves("a", "p");
  memory.serves("b", undefined);
  expect(["a", "b", "c"].map((id) => memory.servedBy(id))).toEqual([{ portId: "p" }, { portId: undefined }, undefined]);
});

it("retiring ports are of one slot type, the oldest first", () => {
  const [one, other] = ["1", "2"].map((portId) => ({ portId, since: "2026-01-01T00:00:00Z" }));
  memory.retires(one!, "shared");
  memory.retires(other!, "shared");
  expect([memory.retired("shared"), memory.retired("private")]).toEqual([[one, other], []]);
});

it("a retiring port is contested where another Port has it, and not where its own renewal of this run left it", () => {
  memory.own("p", "b");
  memory.own("own", "a");
  memory.own("left", "a");
  expect(["none", "p", "own"].map((id) => memory.isContested(id))).toEqual([false, true, true]);
  memory.leaves("p", "a");
  memory.leaves("left", "a");
  memory.retires({ portId: "own", since: "2026-01-01T00:00:00Z" }, "private");
  expect(["p", "own", "left"].map((id) => memory.isContested(id))).toEqual([true, false, false]);
  memory.retires({ portId: "p", since: "2026-01-01T00:00:00Z" }, "shared");
  expect(memory.isContested("p")).toBe(false);
});

it("what was released, and what dies in this run, is remembered", () => {
  memory.wasReleased("a");
  memory.willDie("b", "urn");
  memory.willDie("c", undefined);
  expect(["urn", "other", undefined].map((urn) => memory.dyingOf(urn))).toEqual(["b", undefined, undefined]);
  expect(["a", "b"].map((id) => [memory.isReleased(id), memory.isDying(id)])).toEqual([
    [true, false],
    [false, true],
  ]);
});

it("settings of one kind are declared once for a port, and a resource may say it again", () => {
  const said = [
    memory.declare("Credentials", "p", "a"),
    memory.declare("Credentials", "p", "a"),
    memory.declare("Credentials", "p", "b"),
    memory.declare("Rotation", "p", "b"),
    memory.declare("Credentials", "q", "b"),
  ];
  expect(said).toEqual([undefined, undefined, "a", undefined, undefined]);
  expect(["p", "q", "r"].map((id) => memory.isDeclared("Credentials", id))).toEqual([true, true, false]);
  expect(memory.isDeclared("Rotation", "q")).toBe(false);
});

it("a port is of one Port of the program, and imported by one", () => {
  expect([memory.own("p", "a"), memory.own("p", "b"), memory.own("q", "b")]).toEqual([undefined, "a", undefined]);
  expect([memory.adopt("p", "c"), memory.adopt("p", "d"), memory.adopt("p", "c")]).toEqual([undefined, "c", undefined]);
  expect([memory.isAdopted("p"), memory.isAdopted("q")]).toEqual([true, false]);
});

it("what one process imports, and declares for that, is known to the others of its run", () => {
  const words = new Map<string, string>();
  const run = {
    leaveWord: (about: string, text: string) => void words.set(about, text),
    wordOf: (about: string) => words.get(about),
  };
  const [one, other] = [new ProgramMemory(run), new ProgramMemory(run)];
  one.declare("Credentials", "mine", "a");
  one.adopt("p", "a");
  one.declare("Credentials", "p", "b");
  expect(["p", "mine"].map((id) => other.isAdopted(id))).toEqual([true, false]);
  const declared = [other.isDeclared("Credentials", "p"), other.isDeclared("Rotation", "p")];
  expect([...declared, other.isDeclared("Credentials", "mine")]).toEqual([true, false, false]);
});
