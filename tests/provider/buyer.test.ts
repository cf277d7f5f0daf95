import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { backendIn, backendKey, buyerKey, currentLoginIn } from "../../provider/purchase/owner-key";

const urn = "urn:pulumi:dev::p::t::a";
const within = <T>(backend: string | undefined, look: () => T): T => {
  const before = process.env.PULUMI_BACKEND_URL;
  if (backend === undefined) delete process.env.PULUMI_BACKEND_URL;
  else process.env.PULUMI_BACKEND_URL = backend;
  try {
    return look();
  } finally {
    if (before === undefined) delete process.env.PULUMI_BACKEND_URL;
    else process.env.PULUMI_BACKEND_URL = before;
  }
};

it("distinguishes stacks of one name in two backends, or of two organizations", () => {
  const keys = [
    within("file:///a", () => buyerKey({ urn })),
    within("file:///b", () => buyerKey({ urn })),
    within("file:///a", () => buyerKey({ urn, owner: "acme" })),
    within("file:///a", () => buyerKey({ urn: `${urn}2` })),
  ];
  expect(new Set(keys).size).toBe(4);
  expect(within("file:///a", () => buyerKey({ urn }))).toBe(keys[0]);
});

it("takes a backend's URL for the same with a slash at its end", () => {
  const keyOf = (url: string): string => within(url, () => backendKey({}));
  expect(keyOf("file:///state//")).toBe(keyOf("file:///state"));
  expect(keyOf("s3://bucket/")).toBe(keyOf("s3://bucket"));
  expect(keyOf("file:///")).not.toBe(keyOf("file://"));
});

it("shows no password of a backend", () => {
  expect(within("postgres://user:canary-password@db/x", () => buyerKey({ urn }))).not.toContain("canary");
});

it("is none for a resource that is not known", () => {
  expect(buyerKey({})).toBeUndefined();
});

it("is the key that journals on disk have", () => {
  expect(within("file:///a", () => buyerKey({ urn }))).toBe(`d466326aab75d75e ${urn}`);
});

describe("the backend", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-buyer-"));
    mkdirSync(join(folder, "project", "deep"), { recursive: true });
    for (const [name, url] of Object.entries({ home: "file:///home", credentials: "file:///credentials" })) {
      mkdirSync(join(folder, name, ".pulumi"), { recursive: true });
      const text = JSON.stringify({ current: url, accounts: { "https://other": {} } }, undefined, 4);
      writeFileSync(join(folder, name, "credentials.json"), text);
    }
    writeFileSync(join(folder, "home", ".pulumi", "credentials.json"), '{"current":"file:///user"}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const project = (text: string): void => writeFileSync(join(folder, "project", "Pulumi.yaml"), text);
  const home = (): Record<string, string> => ({ PULUMI_HOME: join(folder, "home") });

  /** The key of a process that starts in a folder with these variables alone. */
  function keyIn(place: string, env: Record<string, string>): string {
    jest.spyOn(process, "cwd").mockReturnValue(join(folder, place));
    jest.spyOn(os, "homedir").mockReturnValue(join(folder, "home"));
    jest.replaceProperty(process, "env", env);
    try {
      let fresh: { backendKey: typeof backendKey } | undefined;
      jest.isolateModules(
        () => (fresh = require("../../provider/purchase/owner-key") as { backendKey: typeof backendKey }),
      );
      return fresh?.backendKey({}) as string;
    } finally {
      jest.restoreAllMocks();
    }
  }
  const keyOf = (url: string): string => within(url, () => backendKey({}));

  it("is the one of the environment, else of the project, else of the last login", () => {
    project("name: shop\nbackend:\n  url: file:///project\n");
    expect(keyIn("project", { ...home(), PULUMI_BACKEND_URL: "file:///env" })).toBe(keyOf("file:///env"));
    expect(keyIn("project", { ...home(), PULUMI_BACKEND_URL: "" })).toBe(keyOf("file:///project"));
    expect(keyIn("project/deep", home())).toBe(keyOf("file:///project"));
    project("name: shop\n");
    expect(keyIn("project/deep", home())).toBe(keyOf("file:///home"));
  });

  it("of a login is where the engine keeps it: its own variable, else its home, else the user's", () => {
    const PULUMI_CREDENTIALS_PATH = join(folder, "credentials");
    expect(keyIn("project", { ...home(), PULUMI_CREDENTIALS_PATH })).toBe(keyOf("file:///credentials"));
    expect(keyIn("project", home())).toBe(keyOf("file:///home"));
    expect(keyIn("project", {})).toBe(keyOf("file:///user"));
  });

  it.each([
    ["Pulumi.yml", "backend:\n  url: file:///project\n"],
    ["Pulumi.json", JSON.stringify({ name: "shop", backend: { url: "file:///project" } }, undefined, 2)],
  ])("is also read from a project's %s", (name, text) => {
    writeFileSync(join(folder, "project", name), text);
    expect(keyIn("project/deep", home())).toBe(keyOf("file:///project"));
  });

  it("is not read from variables that are empty", () => {
    const PULUMI_CREDENTIALS_PATH = "";
    expect(keyIn("project", { ...home(), PULUMI_CREDENTIALS_PATH })).toBe(keyOf("file:///home"));
    expect(keyIn("project", { PULUMI_CREDENTIALS_PATH, PULUMI_HOME: "" })).toBe(keyOf("file:///user"));
  });

  it("that nothing names is one of its own, and stops nothing", () => {
    const none = keyIn("project", { PULUMI_HOME: join(folder, "none") });
    expect(none).toMatch(/^[0-9a-f]{16}$/);
    expect(none).not.toBe(keyIn("project", home()));
  });

  it.each([
    ["backend:\n  url: file:///a\n", "file:///a"],
    ["name: x\r\nbackend: \r\n\r\n \t\n\turl:   s3://b?region=x\r\nmain: y\n", "s3://b?region=x"],
    ["backend:\n url:file:///a", "file:///a"],
    ["config:\n  backend:\n    url: file:///not\n", undefined],
    ["backend: {}\nother:\n  url: file:///not\n", undefined],
    ["backend:\nother:\n  url: file:///not\n", undefined],
    ["name: x\n", undefined],
    ['{ "name": "x", "backend" : { "url" : "azblob://c" } }', "azblob://c"],
    ['{"backend":{},"other":{"url":"file:///not"}}', undefined],
    ['{"name":"x","backend":{"url":"file:///h"}}', "file:///h"],
    ['{"backend": {"more": 1, "url": "file:///d"}}', "file:///d"],
    ["name: x\nbackend: {url: file:///e}\n", "file:///e"],
    ["backend: { url: 's3://f?region=x' } # ours\n", "s3://f?region=x"],
    ["backend: {more: 1,\n  url: file:///g }\n", "file:///g"],
    ["my-backend: {url: file:///not}\n", undefined],
  ])("in the project's file %j is %p", (yaml, url) => expect(backendIn(yaml)).toBe(url));

  it.each([
    ['{"current":"https://api.pulumi.com"}', "https://api.pulumi.com"],
    ['{\n  "current" : \n "file://~" }', "file://~"],
    ['{"accounts":{}}', undefined],
    ["", undefined],
  ])("in the engine's file of logins %j is %p", (json, url) => expect(currentLoginIn(json)).toBe(url));
});
