import { startEmulator } from "../../emulator";
import { type Host } from "../../domain/kinds";
import { useHost } from "../engine/hosts";
import { type Declared, Project } from "../engine/project";
import { equipped, fleet, group, port, rotation, withOptions } from "../engine/resources";

/** A stack that moves from host to host. Aliases, providers and what a preview says of them are the engine's doing. */
jest.setTimeout(900_000);

const purchase = { type: "TrafficPurchase", name: "traffic", args: { amountGB: 1, maxPrice: 50 } } as const;
const turn = { type: "Rotation", name: "turn", args: { port: { $port: "a" }, triggers: ["1"] } } as const;

it("dynamic to plugin and back: only updates, only reads, and a quiet refresh after each", async () => {
  const project = await Project.open();
  const other = await startEmulator({ seed: 7 });
  const { control } = project.emulator;
  const declared: Declared[] = [
    ...withOptions({ protect: true }, ...equipped("a")),
    port("old", { overlap: "20d" }),
    { type: "Account", name: "second", args: { apiKey: other.apiKey, apiUrl: other.url } },
    ...withOptions(
      { provider: "second" },
      port("elsewhere", { country: "GB" }),
      rotation("r", "elsewhere", { intervalSeconds: 900 }),
    ),
    fleet("f"),
    turn,
    purchase,
  ];
  const forget = (): void => {
    project.calls();
    other.control.clearRequests();
  };
  const sent = (): string[] => [...control.requests(), ...other.control.requests()].map(({ method }) => method);
  const typesIn = async (): Promise<string[]> =>
    (await project.state()).resources.map(({ type }) => type).filter((type) => /proxies-sx:/.test(type));

  try {
    project.declare(...declared);
    await project.up();
    control.clock.advance("28d");
    await project.up(); // renews; one old port serves on for its overlap
    const ports = (): string[] => [...control.ports(), ...other.control.ports()].map(({ id }) => id).sort();
    const before = ports();
    await project.run("up", "--skip-preview"); // releases the other old ones
    const held = ports();
    expect(held.length).toBeLessThan(before.length);
    const states = async () =>
      (await project.state()).resources.map(({ urn, id }) => `${urn.slice(urn.lastIndexOf("::") + 2)} ${id}`).sort();
    const ids = (await states()).filter((one) => !/default|second|^test-dev|undefined/.test(one));

    for (const host of ["plugin", "dynamic"] satisfies Host[]) {
      useHost(project, host);
      forget();
      const preview = await project.run("preview");
      const planned = new Set(Object.values(preview.steps));
      expect([...planned].filter((step) => step !== "same")).toEqual(["update"]);
      const { steps } = await project.up();
      expect(steps).toMatchObject({
        a: "update",
        "a-login": "update",
        old: "update",
        elsewhere: "update",
        turn: "update",
      });
      expect(new Set(Object.values(steps))).toEqual(new Set(["update", "same"]));
      expect(new Set(sent())).toEqual(new Set(["GET"]));
      expect(ports()).toEqual(held);
      expect(await states()).toEqual(expect.arrayContaining(ids));
      const prefix = host === "plugin" ? "proxies-sx:index:" : "pulumi-nodejs:dynamic/proxies-sx:";
      expect((await typesIn()).filter((type) => !type.startsWith(prefix))).toEqual(
        host === "plugin" ? [] : ["proxies-sx:index:ProxyFleet"],
      );

      await project.refresh("--expect-no-changes");
      await project.run("up", "--skip-preview", "--expect-no-changes");
      expect(new Set(sent())).toEqual(new Set(["GET"]));
      const text = JSON.stringify(await project.state());
      for (const secret of ["a-password-of-tests", project.emulator.apiKey, other.apiKey])
        expect(text).not.toContain(secret);
    }

    await project.pulumi(["state", "unprotect", "--all", "--yes"]);
    await project.run("destroy", "--skip-preview");
    expect(ports()).toEqual([]);
  } finally {
    await other.close();
    await project.close();
  }
});

/** The same resources under other names, with those that they had as aliases. */
const renamed = (before: string, declared: Declared[]): Declared[] =>
  declared.map(({ type, name, args: { port: of, ...args }, options: { provider, parent, ...options } = {} }) => {
    const named = (what: unknown): string => `${before}${what as string}`;
    return {
      type,
      name: named(name),
      args: { ...args, ...(of !== undefined && { port: { $port: named((of as { $port: string }).$port) } }) },
      options: {
        ...options,
        ...(provider !== undefined && { provider: named(provider) }),
        ...(parent !== undefined && { parent: named(parent) }),
        aliases: [{ name }],
      },
    };
  });

it("what is below an account, at any depth, moves too, and may be renamed in that run: nothing is bought again", async () => {
  const project = await Project.open();
  const { control } = project.emulator;
  project.env.PROXIES_API_URL = project.emulator.url;
  const key = control.keys.addKey(undefined, "second");
  const own = { provider: "second" };
  const declared: Declared[] = [
    { type: "Account", name: "second", args: { apiKey: key } },
    ...withOptions({ ...own, parent: "second" }, ...equipped("a"), fleet("f")),
    group("group", { parent: "second" }),
    ...withOptions({ ...own, parent: "group" }, port("b"), fleet("g")),
    ...withOptions({ parent: "a" }, port("c"), fleet("h")),
    port("main"),
  ];
  try {
    project.declare(...declared);
    await project.up();
    const ports = (): string[] => ["main", "second"].flatMap((of) => control.ports(of).map(({ id }) => `${of} ${id}`));
    const before = ports();
    for (const [host, now] of [
      ["plugin", ""],
      ["dynamic", "new-"],
    ] satisfies [Host, string][]) {
      useHost(project, host);
      if (now) project.declare(...renamed(now, declared));
      project.calls();
      const preview = await project.run("preview");
      const { steps } = await project.up();
      for (const { group: _, "new-group": __, ...all } of [preview.steps, steps])
        // a component of the program's own
        expect(Object.values(all).filter((step) => !["same", "update"].includes(step))).toEqual([]);
      for (const name of ["a", "a-login", "f-2", "b", "g-1-login", "c", "h-2-rotation", "main"])
        expect(steps).toHaveProperty(now + name, "update");
      await project.refresh("--expect-no-changes");
      await project.run("up", "--expect-no-changes");
      expect(project.writes()).toEqual([]);
      expect(ports()).toEqual(before);
      const { resources } = await project.state();
      const ofHost = host === "plugin" ? "proxies-sx" : "pulumi-nodejs";
      const providers = resources.flatMap(
        ({ provider = "" }) => /^.*:(.*)::(?:new-)?(second|default)\b/.exec(provider)?.[1] ?? [],
      );
      expect(new Set(providers)).toEqual(new Set([ofHost]));
    }
    await project.run("destroy", "--skip-preview");
    expect([ports(), (await project.state()).resources ?? []]).toEqual([[], []]);
  } finally {
    await project.close();
  }
});

it("what leaves the program in the run of a move is released", async () => {
  const project = await Project.open();
  const { control } = project.emulator;
  project.env.PROXIES_API_URL = project.emulator.url;
  const second = { type: "Account", name: "second", args: { apiKey: project.emulator.apiKey } } as const;
  const stays = withOptions({ provider: "second" }, port("a"));
  try {
    for (const host of ["plugin", "dynamic"] satisfies Host[]) {
      project.declare(
        second,
        ...stays,
        ...withOptions({ provider: "second", parent: "second" }, ...equipped("b")),
        port("c"),
      );
      await project.up();
      useHost(project, host);
      project.declare(second, ...stays);
      expect((await project.up()).steps).toMatchObject({ a: "update", b: "delete", "b-login": "delete", c: "delete" });
      expect(control.ports().map(({ id }) => id)).toEqual([await project.portId("a")]);
    }
  } finally {
    await project.close();
  }
});

it("a move to the dynamic host whose renewal loses its order says what to run next, and that finishes both", async () => {
  const project = await Project.open({ config: { slots: { shared: 1, private: 0 } } });
  try {
    project.declare(port("a"));
    useHost(project, "plugin");
    await project.up();
    project.emulator.control.clock.advance("28d");
    project.emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
    useHost(project, "dynamic");
    const { code, output } = await project.tryRun("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("The next run must be `pulumi up` without a refresh");
    project.emulator.control.clearFaults();
    expect((await project.tryRun("refresh", "--yes", "--skip-preview")).output).toContain("code must be a string");
    expect((await project.up()).steps).toMatchObject({ a: "update" });
    expect(project.emulator.control.ports()).toHaveLength(1);
    await project.refresh("--expect-no-changes");
    await project.run("up", "--skip-preview", "--expect-no-changes");
  } finally {
    await project.close();
  }
});
