import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountFolder } from "../../provider/account-folder";
import { Journal } from "../../provider/journal";

const ORDER = { countryId: "1".repeat(24), expiresInSeconds: 3_600 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (): string[] => readdirSync(folder);
/** A process that is gone: its file bears a number that no process has. */
function dead(journal: Journal, write: (journal: Journal) => void): void {
  write(journal);
  for (const name of files()) {
    const old = readFileSync(join(folder, name), "utf8");
    rmSync(join(folder, name));
    writeFileSync(join(folder, name.replace(/-\d+-/, "-999999999-")), old);
  }
}

it("tells another process what is open: intents, and ports that were bought", () => {
  const first = new Journal(folder);
  first.intend("a", ORDER, 1);
  first.bought(first.intend("b", ORDER, 2), "port-b");
  first.close(first.intend("c", ORDER, 3));
  expect(new Journal(folder).read()).toEqual([
    expect.objectContaining({ key: "a", at: 1, order: ORDER, run: first.run }),
    expect.objectContaining({ key: "b", id: "port-b" }),
  ]);
});

it("sees what another process wrote after the first look", () => {
  const [mine, theirs] = [new Journal(folder), new Journal(folder)];
  const purchase = theirs.intend("a", ORDER, 1);
  expect(mine.read()).toHaveLength(1);
  theirs.bought(purchase, "port-a");
  expect(mine.read()[0]).toMatchObject({ id: "port-a" });
});

it("closes a purchase once the state holds its port, for all processes, and remembers the port while others are open", () => {
  const first = new Journal(folder);
  first.bought(first.intend("a", ORDER, 1), "port-a");
  first.intend("b", ORDER, 1);
  const second = new Journal(folder);
  second.held("port-a");
  const third = new Journal(folder);
  expect(third.read().map(({ key }) => key)).toEqual(["b"]);
  expect([third.isSettled("port-a"), third.isSettled("port-b")]).toEqual([true, false]);
});

it("passes over a torn last line, and goes on after it", () => {
  const first = new Journal(folder);
  first.intend("a", ORDER, 1);
  appendFileSync(join(folder, files()[0] as string), '{"what":"bought","non');
  expect(new Journal(folder).read()).toMatchObject([{ key: "a" }]);
});

it.each(["not json", "null", "[]", '{"what":"intent"}', "\u0000\u0001"])(
  "passes over a line that is none: %j",
  (line) => {
    writeFileSync(join(folder, "1-1-aaaaaaaa.jsonl"), `${line}\n`);
    expect(new Journal(folder).read()).toEqual([]);
  },
);

it("removes the files of processes that are gone once nothing is open", () => {
  dead(new Journal(folder), (journal) => {
    journal.bought(journal.intend("a", ORDER, 1), "port-a");
  });
  expect(files()).toHaveLength(1);
  const next = new Journal(folder);
  next.held("port-a");
  next.read();
  expect(files().filter((name) => name.includes("-999999999-"))).toEqual([]);
});

it.each([
  ["that cannot be read", (file: string) => mkdirSync(file), /EISDIR/],
  ["that is too large", (file: string) => truncateSync(file, (64 << 20) + 1), /larger than 64 MB/],
])("a file %s is told once, and kept: it may tell of purchases", (_what, spoil, why) => {
  const file = join(folder, "1-999999999-aaaaaaaa.jsonl");
  if (why.source !== "EISDIR") writeFileSync(file, "");
  spoil(file);
  const warnings: string[] = [];
  const journal = new Journal(folder, (text) => warnings.push(text));
  expect(() => journal.held("port-a")).not.toThrow();
  expect(journal.read()).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(why)]);
  expect(warnings[0]).toMatch(/aaaaaaaa\.jsonl cannot be read.*may not be known.*proxies-sx orphans/);
  expect(files()).toHaveLength(1);
});

it("a folder that cannot be read is told, one that is not there is none", () => {
  const warnings: string[] = [];
  writeFileSync(join(folder, "file"), "");
  const read = (name: string): unknown => new Journal(join(folder, name), (text) => warnings.push(text)).read();
  expect([read("none"), warnings]).toEqual([[], []]);
  expect(read("file")).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/ENOTDIR.*may not be known/)]);
});

it("keeps at most 500 files", () => {
  for (let file = 0; file < 510; file += 1) writeFileSync(join(folder, `${1_000 + file}-999999999-aaaaaaaa.jsonl`), "");
  new Journal(folder).intend("a", ORDER, 1);
  expect(files().length).toBeLessThanOrEqual(501);
});

it("reads what was written after a line that a full disk tore", () => {
  const journal = new Journal(folder);
  const purchase = journal.intend("a", ORDER, 1);
  appendFileSync(join(folder, files()[0] as string), '{"what":"bought","non');
  journal.bought(purchase, "port-a");
  expect(new Journal(folder).read()).toMatchObject([{ key: "a", id: "port-a" }]);
});

it("warns once where it cannot be written, and goes on", () => {
  const warnings: string[] = [];
  writeFileSync(join(folder, "file"), "");
  const journal = new Journal(join(folder, "file", "folder"), (text) => warnings.push(text));
  journal.bought(journal.intend("a", ORDER, 1), "port-a");
  expect(warnings).toContainEqual(expect.stringMatching(/cannot be written .*proxies-sx orphans/));
  expect(warnings).toHaveLength(2);
});

it("is a folder for each account, that only the user may read, and tells no key", () => {
  const env = { PROXIES_SX_JOURNAL_DIR: folder };
  for (const apiKey of ["psx_canary_1", "psx_canary_2"]) {
    new Journal(accountFolder({ apiKey, apiUrl: "https://api.proxies.sx" }, env)).intend("a", ORDER, 1);
  }
  const accounts = files();
  expect(accounts).toHaveLength(2);
  for (const account of accounts) {
    const [name] = readdirSync(join(folder, account));
    expect(`${account}${name}${readFileSync(join(folder, account, name as string), "utf8")}`).not.toContain("canary");
  }
  chmodSync(folder, 0o700);
});
