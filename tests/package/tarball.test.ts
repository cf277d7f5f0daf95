import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { install, outside, pack, PULUMI, run } from "./npm";

/** What is in the tarball, and what an installed one does without an engine. */
jest.setTimeout(900_000);

interface Manifest {
  version: string;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const ROOT = join(__dirname, "../..");
const folder = outside();
const modules = join(folder, "node_modules");
const installed = join(modules, "pulumi-proxies-sx");
beforeAll(async () => install(folder, await pack(folder), PULUMI));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (where: string): Manifest =>
  JSON.parse(readFileSync(join(where, "package.json"), "utf8")) as Manifest;

/** Every file below a folder, as paths from there. */
const filesIn = (where: string): string[] =>
  readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(where, join(entry.parentPath, entry.name)));

/** What a script run by node in the user's folder prints, as JSON. */
const told = async <T>(script: string, ...options: string[]): Promise<T> =>
  JSON.parse(await run(folder, process.execPath, ...options, "-e", script)) as T;

describe("contents", () => {
  it("has what a reader of a package looks for", () => {
    expect(filesIn(installed)).toEqual(
      expect.arrayContaining(["README.md", "LICENSE", "CHANGELOG.md", "package.json"]),
    );
  });

  it("has beside that what was compiled, the documents and the examples, and nothing else", () => {
    const expected =
      /^(package\.json|(emulator\/|emulator\/x402\/|engine\/)?README\.md|LICENSE|llms\.txt|(CHANGELOG|CONTRIBUTING)\.md|dist\/(api|cli|dashboard|domain|emulator|files|mcp|provider|report|review|sdk|text)\/[\w/-]+\.(js|d\.ts)|dist\/dashboard\/page\/page\.css|docs\/([\w-]+\/)?[\w-]+\.(md|png|svg)|examples\/(?!.*node_modules).+)$/;
    expect(filesIn(installed).filter((path) => !expected.test(path))).toEqual([]);
  });

  it("has what its documents link to", () => {
    const missing = filesIn(installed)
      .filter((path) => path.endsWith(".md"))
      .flatMap((path) =>
        [...readFileSync(join(installed, path), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
          join(path, "..", link as string),
        ),
      )
      .filter((path) => !existsSync(join(installed, path)));
    expect([...new Set(missing)].sort()).toEqual([]);
  });

  it("holds no path of the machine that made it", () => {
    const machine = [ROOT, homedir()].map((path) => path + sep);
    const found = filesIn(installed).filter((path) => {
      const text = readFileSync(join(installed, path), "utf8");
      return machine.some((part) => text.includes(part));
    });
    expect(found).toEqual([]);
  });

  it("loads no package that it does not depend on", () => {
    const { dependencies, peerDependencies } = manifestOf(installed);
    const asked = filesIn(installed)
      .filter((path) => path.startsWith("dist/"))
      .flatMap((path) => [
        ...readFileSync(join(installed, path), "utf8").matchAll(
          /^(?:import|export)\b[^"\n]* from "([^".][^"]*)"|(?<!\.)\b(?:require|import)\("([^".][^"]*)"\)/gm,
        ),
      ])
      .map(([, imported, required]) => (imported ?? required) as string)
      .filter((name) => !isBuiltin(name) && !name.startsWith("pulumi-proxies-sx"))
      .map((name) =>
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    expect(asked).toContain("axios");
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect([...new Set(asked)].filter((name) => !declared.includes(name))).toEqual([]);
  });

  it("is small, as are the packages that come with it", () => {
    const own = withDependencies("pulumi-proxies-sx", (name) => name !== "@pulumi/pulumi");
    const every = withDependencies("pulumi-proxies-sx");
    const told = (paths: Set<string>): string => `${paths.size} packages, ${(size(paths) / 1e6).toFixed(1)} MB`;
    process.stderr.write(`installed: ${told(own)}; with the SDK of Pulumi: ${told(every)}\n`);
    expect(size(new Set([installed]))).toBeLessThan(3.7e6); // a tenth of it each are the page with its charts and the server for agents with its SDK, a sixth what pays and is paid by wallets, a sixth documents
    expect(own.size).toBeLessThan(50);
    expect(size(own)).toBeLessThan(23.2e6);
  });
});

/** The folders of a package and of all that it needs, as npm laid them. */
function withDependencies(name: string, wanted: (name: string) => boolean = () => true): Set<string> {
  const found = new Set<string>();
  const add = (from: string, needed: string): void => {
    const path = [from, ...above(from)]
      .map((start) => join(start, "node_modules", needed))
      .find((candidate) => existsSync(join(candidate, "package.json")));
    if (!path || found.has(path)) return; // an optional one may be for another platform
    found.add(path);
    const { dependencies, peerDependencies } = manifestOf(path);
    for (const next of Object.keys({ ...dependencies, ...peerDependencies }).filter(wanted)) add(path, next);
  };
  add(folder, name);
  return found;
}

const above = (path: string): string[] => (dirname(path) === path ? [] : [dirname(path), ...above(dirname(path))]);

const size = (folders: Set<string>): number =>
  [...folders]
    .flatMap((where) =>
      filesIn(where)
        .filter((path) => !path.includes(`node_modules${sep}`))
        .map((path) => join(where, path)),
    )
    .reduce((sum, path) => sum + lstatSync(path).size, 0);

describe("installed", () => {
  it("every export resolves by require and by import, with the same names", async () => {
    const parts = Object.keys(manifestOf(installed).exports).filter((part) => part !== "./package.json");
    expect(parts).toEqual([".", "./api", "./provider", "./emulator", "./policy"]);
    const names = JSON.stringify(parts.map((part) => `pulumi-proxies-sx${part.slice(1)}`));
    const namesOf =
      'Object.keys(part).filter((name) => !["__esModule", "default", "module.exports"].includes(name)).sort()';
    const required = await told<string[][]>(
      `console.log(JSON.stringify(${names}.map((name) => require(name)).map((part) => ${namesOf})))`,
    );
    const imported = await told<string[][]>(
      `const parts = await Promise.all(${names}.map((name) => import(name)));
       console.log(JSON.stringify(parts.map((part) => ${namesOf})))`,
      "--input-type=module",
    );
    expect(imported).toEqual(required);
    expect(required[0]).toEqual(
      expect.arrayContaining(["Account", "Credentials", "OsFingerprint", "Port", "RotationSettings"]),
    );
    expect(required[1]).toContain("createApi");
    expect(required[3]).toContain("startEmulator");
    expect(required[4]).toEqual(["proxiesPolicies"]);
  });

  it("its package.json can be asked for", async () => {
    const version = await told<string>(
      `console.log(JSON.stringify(require("pulumi-proxies-sx/package.json").version))`,
    );
    expect(version).toBe(manifestOf(ROOT).version);
  });

  it("importing the SDK loads no axios, zod or other package but Pulumi's", async () => {
    const loaded = await told<string[]>(
      `require("@pulumi/pulumi");
       const before = new Set(Object.keys(require.cache));
       require("pulumi-proxies-sx");
       console.log(JSON.stringify(Object.keys(require.cache).filter((path) => !before.has(path))))`,
    );
    expect(loaded.length).toBeGreaterThan(0);
    // Inputs are checked and a port is described by the provider's own rules, which load nothing further.
    const rules = ["errors.js", "input-names.js", "port/port-info.js"].map((file) =>
      join(installed, "dist/provider", file),
    );
    const light = ["dist/sdk/", "dist/text/", "dist/domain/", "dist/provider/lookups/"].map((folder) =>
      join(installed, folder),
    );
    const others = loaded.filter((path) => !light.some((folder) => path.startsWith(folder)));
    expect(others.filter((path) => !rules.includes(path))).toEqual([]);
  });

  it("the engine finds every handler with every operation", async () => {
    const handlers = await told<Record<string, string[]>>(
      `const all = Object.entries(require("pulumi-proxies-sx/provider"));
       const methods = (of) => Object.keys(of).filter((name) => typeof of[name] === "function").sort();
       console.log(JSON.stringify(Object.fromEntries(all.map(([name, handler]) => [name, methods(handler)]))))`,
    );
    const operations = ["check", "configure", "create", "delete", "diff", "read", "update"];
    for (const name of ["port", "rotationSettings", "credentials", "osFingerprint"])
      expect(handlers[name]).toEqual(operations);
  });

  it("the client reads from the emulator", async () => {
    const countries = await told<{ code: string }[]>(
      `const { createApi } = require("pulumi-proxies-sx/api");
       require("pulumi-proxies-sx/emulator").startEmulator().then(async (emulator) => {
         const api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url });
         console.log(JSON.stringify(await api.reference.countries()));
         api.close();
         await emulator.close();
       })`,
    );
    expect(countries.map(({ code }) => code)).toContain("DE");
  });

  it("npx proxies-sx --version prints the version", async () => {
    expect(await run(folder, "npx", "proxies-sx", "--version")).toBe(`${manifestOf(ROOT).version}\n`);
  });
});
