import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Change, proposeChange } from "../../mcp/propose/change";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "proxies-sx-propose-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const PROGRAM = `import * as proxies from "pulumi-proxies-sx";

// new proxies.Port("scraper", { country: "XX" }) is no resource
const text = \`new proxies.Port("scraper", { country: "\${"YY"}" })\`;
export const scraper = new proxies.Port("scraper", { country: "DE", expiresIn: "30d" });
const size = 4;

export const fleet = new proxies.ProxyFleet(
  "pool",
  {
    size, // of all places
    locations: [{ country: "DE", weight: 2 }, { country: "GB" }],
    lease: {
      expiresIn: "30d",
      renewBefore: "2d",
    },
  },
  { protect: true },
);
`;

/** The program after the diff, by git. */
function applied(change: Omit<Change, "file">, program = PROGRAM): string {
  const file = join(folder, "index.ts");
  writeFileSync(file, program);
  const { diff } = proposeChange({ file: "index.ts", ...change }, folder, false);
  expect(readFileSync(file, "utf8")).toBe(program);
  const { status, stderr } = spawnSync("git", ["apply", "--unidiff-zero", "-"], {
    cwd: folder,
    input: diff,
    encoding: "utf8",
  });
  expect([status, stderr, diff]).toEqual([0, "", diff]);
  return readFileSync(file, "utf8");
}

test.each([
  ["a value", { resource: "scraper", input: "country", value: "FR" }, ['country: "DE", exp', 'country: "FR", exp']],
  [
    "one that is not there yet",
    { resource: "scraper", input: "carrier", value: "O2" },
    ['"30d" });', '"30d", carrier: "O2" });'],
  ],
  [
    "one on lines of their own",
    { resource: "pool", input: "slotType", value: "private" },
    ["    },\n  },\n", '    },\n    slotType: "private",\n  },\n'],
  ],
  ["a name that is its value", { resource: "pool", input: "size", value: 6 }, ["    size, //", "    size: 6, //"]],
  [
    "within an object",
    { resource: "pool", input: "lease.renewBefore", value: "3d" },
    ['renewBefore: "2d"', 'renewBefore: "3d"'],
  ],
  ["within a list", { resource: "pool", input: "locations[0].weight", value: 1 }, ["weight: 2", "weight: 1"]],
  [
    "a list",
    { resource: "pool", input: "fallback", value: ["FR", "NL"] },
    ["    },\n  },\n", '    },\n    fallback: ["FR","NL"],\n  },\n'],
  ],
  ["taken away", { resource: "pool", input: "lease.renewBefore" }, [',\n      renewBefore: "2d",', ","]],
])("%s", (_, change, [from = "", to = ""]) => {
  expect(applied(change)).toBe(PROGRAM.replace(from, to));
});

test("a value is written as code, and is none", () => {
  const after = applied({ resource: "pool", input: "locations", value: [{ 'x: evil(), "': 1, country: 'D"E`${' }] });
  expect(after).toContain('locations: [{ "x: evil(), \\"": 1, country: "D\\"E`${" }],');
});

test.each([
  ["no such resource", { resource: "nobody", input: "country", value: "FR" }, "makes no resource named"],
  [
    "no such input",
    { resource: "scraper", input: "contry", value: "FR" },
    "has no such input to change. Its inputs: country",
  ],
  ["a secret", { resource: "pool", input: "rotation.password", value: "x" }, "has no such input"],
  ["a required input taken away", { resource: "scraper", input: "country" }, "country is required"],
  ["a fleet's required input taken away", { resource: "pool", input: "size" }, "size is required"],
  ["one within it", { resource: "pool", input: "lease.expiresIn" }, "lease.expiresIn is required"],
  ["a word that is none of its own", { resource: "scraper", input: "onExpired", value: "explode" }, "takes one of"],
  ["the same", { resource: "scraper", input: "country", value: "DE" }, "nothing is to be changed"],
  ["a path that is none", { resource: "scraper", input: "country; rm", value: "DE" }, "input is a name such as"],
  [
    "an entry that is not there",
    { resource: "pool", input: "locations[7].weight", value: 1 },
    "there is no 7 to change",
  ],
])("%s is refused", (_, change, why) => {
  expect(() => applied(change)).toThrow(why);
});

test.each([
  ["inputs elsewhere", 'new proxies.Port("scraper", args);\n', "are not written where the resource is made"],
  ["a spread behind", 'new proxies.Port("scraper", { country: "DE", ...more });\n', "a spread after country"],
  [
    "two of one name",
    'new proxies.Port("scraper", { country: "DE" });\nnew proxies.Port("scraper", { country: "DE" });\n',
    "makes 2 resources",
  ],
  ["a secret beside", 'new proxies.Port("scraper", { country: "DE", apiKey: "hunter2" });\n', "may be a secret"],
  ["an end within brackets", 'new proxies.Port("scraper", { country: "DE"', "ends within brackets"],
])("a program with %s is left to a person", (_, program, why) => {
  expect(() => applied({ resource: "scraper", input: "country", value: "FR" }, program)).toThrow(why);
});

test("a line with a secret ends the context", () => {
  const program =
    'const password = "hunter2";\nnew proxies.Port("scraper", { country: "DE" });\nconst token = "hunter3";\n';
  expectNoSecret(program);
  expectNoSecret(
    'const password =\n  // old\n  "hunter2";\nnew proxies.Port("scraper", { country: "DE" });\nconst token =\n  "hunter3";\n',
  );
  expectNoSecret(
    'set({\n  token: `${"a"}\n  hunter2`,\n});\nnew proxies.Port("scraper", { country: "DE" });\nconst key: string =\n  "a" +\n  "hunter3";\n',
  );
});

function expectNoSecret(program: string): void {
  writeFileSync(join(folder, "index.ts"), program);
  const { diff } = proposeChange(
    { file: "index.ts", resource: "scraper", input: "country", value: "FR" },
    folder,
    false,
  );
  expect(diff).not.toContain("hunter");
  expect(applied({ resource: "scraper", input: "country", value: "FR" }, program)).toContain('"FR"');
}

test("no file is read but programs below the folder", () => {
  const outside = mkdtempSync(join(tmpdir(), "proxies-sx-outside-"));
  writeFileSync(join(outside, "index.ts"), PROGRAM);
  symlinkSync(join(outside, "index.ts"), join(folder, "link.ts"));
  for (const name of ["node_modules", ".hidden"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "index.ts"), PROGRAM);
  }
  writeFileSync(join(folder, "notes.txt"), PROGRAM);
  mkdirSync(join(folder, "folder.ts"));
  for (const file of [
    "link.ts",
    "../index.ts",
    join(outside, "index.ts"),
    "/etc/passwd",
    "node_modules/index.ts",
    ".hidden/index.ts",
    "notes.txt",
    "folder.ts",
    "none.ts",
    "a\0b.ts",
  ])
    expect(() => proposeChange({ file, resource: "scraper", input: "country", value: "FR" }, folder, false)).toThrow(
      /is outside|is hidden or installed|is no TypeScript|is no file|is not there/,
    );
  rmSync(outside, { recursive: true });
});
