import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountFolder } from "../../provider/run/account-folder";
import { isRunning } from "../../files/running";
import { Journal, UnsafeJournalError } from "../../provider/purchase/journal";
import { type Purchase } from "../../provider/purchase/journal-lines";

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

it("shows another process what is open: intents, and ports that were bought", () => {
  const first = new Journal(folder);
  first.intend("a", ORDER, 1);
  first.bought(first.intend("b", ORDER, 2), "port-b");
  first.close(first.intend("c", ORDER, 3));
  expect(new Journal(folder).read()).toEqual([
    expect.objectContaining({ key: "a", at: 1, order: ORDER, run: first.run }),
    expect.objectContaining({ key: "b", id: "port-b" }),
  ]);
});

it("is read in the order of its making, also where several are made in one millisecond", () => {
  const clock = jest.spyOn(Date, "now").mockReturnValue(1_700_000_000_000);
  try {
    const keys = [...Array(20).keys()].map(String);
    for (const key of keys) new Journal(folder).intend(key, ORDER, 1);
    expect(new Journal(folder).read().map(({ key }) => key)).toEqual(keys);
  } finally {
    clock.mockRestore();
  }
});

it("sees what another process wrote after the first read", () => {
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

it("a purchase is closed with its port for this process too, though no answer was read back", () => {
  const journal = new Journal(folder);
  journal.intend("b", ORDER, 1);
  const purchase = journal.intend("a", ORDER, 1);
  journal.bought(purchase, "port-a");
  journal.close(purchase);
  expect(["port-a", "port-b"].map((id) => journal.isSettled(id))).toEqual([true, false]);
});

it("an answer that a process gave up is no more to be waited for, unless its purchase has ended", () => {
  const journal = new Journal(folder);
  journal.lost(journal.intend("a", ORDER, 1));
  const ended = journal.intend("b", ORDER, 1);
  journal.lost(ended);
  journal.close(ended);
  journal.intend("c", ORDER, 1);
  for (const one of [journal, new Journal(folder)])
    expect(one.read().map(({ key, lost }) => [key, lost])).toEqual([
      ["a", true],
      ["c", undefined],
    ]);
});

it("a port that the user disowns is settled for every resource, whatever a purchase of one named", () => {
  const journal = new Journal(folder);
  journal.intend("open", ORDER, 1);
  const purchase = journal.intend("a", ORDER, 1);
  journal.bought(purchase, "port-a");
  journal.disown("port-a");
  const settledFor = (one: Journal): boolean[] => [undefined, "a", "b"].map((but) => one.isSettled("port-a", but));
  expect(settledFor(journal)).toEqual([true, true, true]);
  journal.bought(purchase, "port-a");
  new Journal(folder).close(purchase);
  expect(settledFor(new Journal(folder))).toEqual([true, true, true]);
});

it("what the user disowns stays so once no purchase is open, for as long as a port can live", () => {
  dead(new Journal(folder), (journal) => journal.disown("port-a"));
  const settled = (): boolean => {
    const next = new Journal(folder);
    next.read();
    next.read();
    return next.isSettled("port-a");
  };
  expect([settled(), settled()]).toEqual([true, true]);
  const year = 31_536_000_000;
  const clock = jest.spyOn(Date, "now");
  try {
    clock.mockReturnValue(Date.now() + year - 60_000);
    expect(settled()).toBe(true);
    clock.mockReturnValue(Date.now() + 120_000);
    expect(settled()).toBe(false);
    expect(files()).toEqual([]);
  } finally {
    clock.mockRestore();
  }
});

it("reports to the next run which ports were there before the first order of a run, once", () => {
  const first = new Journal(folder);
  first.listed(["port-a", "port-b"]);
  expect(files()).toEqual([]);
  first.intend("a", ORDER, 1);
  first.intend("a2", ORDER, 1);
  expect(readFileSync(join(folder, files()[0] as string), "utf8").match(/port-b/g)).toHaveLength(1);
  const other = new Journal(folder);
  other.intend("b", ORDER, 1);
  const before = new Map(new Journal(folder).read().map((one) => [one.key, one.before]));
  expect(before.get("a")).toEqual(new Set(["port-a", "port-b"]));
  expect(before.get("a2")).toEqual(before.get("a"));
  expect(before.get("b")).toBeUndefined();
});

it("a port that is taken up is known with the order, in one line: the run may be killed after it", () => {
  const first = new Journal(folder);
  const purchase = first.intend("a", ORDER, 1, { id: "port-a" });
  expect(
    readFileSync(join(folder, files()[0] as string), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(1);
  const next = new Journal(folder);
  expect(next.read()).toMatchObject([{ key: "a", id: "port-a" }]);
  next.intend("open", ORDER, 1);
  next.close(next.read().find(({ nonce }) => nonce === purchase.nonce) as Purchase);
  expect(["a", "b"].map((key) => new Journal(folder).isSettled("port-a", key))).toEqual([false, true]);
});

it("a port whose purchase is done with is not one that the user disowned", () => {
  const journal = new Journal(folder);
  journal.intend("open", ORDER, 1);
  const purchase = journal.intend("a", ORDER, 1, { id: "port-a" });
  journal.close(purchase);
  expect(journal.isDisowned("port-a")).toBe(false);
  journal.disown("port-a");
  expect(new Journal(folder).isDisowned("port-a")).toBe(true);
});

it("a port whose purchase is done with is settled for all but the resource that it was for", () => {
  const journal = new Journal(folder);
  journal.intend("open", ORDER, 1);
  const purchase = journal.intend("a", ORDER, 1);
  journal.bought(purchase, "port-a");
  journal.close(purchase);
  for (const one of [journal, new Journal(folder)])
    expect([undefined, "a", "b"].map((but) => one.isSettled("port-a", but))).toEqual([true, false, true]);
});

it("knows what a purchase bought in whatever order its files come: a clock may have been set back", () => {
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  const first = new Journal(folder);
  clock.mockRestore();
  const [bought, closed] = [first.intend("a", ORDER, 1), first.intend("b", ORDER, 1)];
  const second = new Journal(folder);
  second.bought(bought, "port-a");
  second.bought(closed, "port-b");
  second.close(closed);
  const third = new Journal(folder);
  expect(third.read()).toMatchObject([{ key: "a", id: "port-a" }]);
  expect(third.isSettled("port-b")).toBe(true);
});

it("a state that holds the new port of a renewal ends the release of the old one, and no other", () => {
  const journal = new Journal(folder);
  const purchase = journal.intend("a", ORDER, 1, { instead: "old" });
  for (const id of ["old", "other"]) journal.releasing(id);
  journal.bought(purchase, "new");
  journal.held("new");
  for (const one of [journal, new Journal(folder)])
    expect(["old", "other"].map((id) => one.wasReleasing(id))).toEqual([false, true]);
});

it("a run that buys nothing writes nothing, and what is done with is written once", () => {
  const account = join(folder, "account");
  const journal = new Journal(account);
  journal.held("port-a");
  journal.renewed("port-a");
  expect(files()).toEqual([]);
  const purchase = journal.intend("a", ORDER, 1);
  journal.close(purchase);
  const [name = ""] = readdirSync(account);
  const once = readFileSync(join(account, name), "utf8");
  journal.close(purchase);
  expect(readFileSync(join(account, name), "utf8")).toBe(once);
});

it("goes on where somebody removed it while an order was under way", () => {
  const account = join(folder, "account");
  const warnings: string[] = [];
  const journal = new Journal(account, (text) => warnings.push(text));
  const purchase = journal.intend("a", ORDER, 1);
  rmSync(account, { recursive: true });
  expect(journal.read()).toEqual([]);
  journal.bought(purchase, "port-a");
  journal.lost(purchase);
  journal.intend("b", ORDER, 1);
  expect(new Journal(account).read()).toMatchObject([{ key: "b" }]);
  expect(warnings).toEqual([]);
});

it("reads no other file that lies in the account's folder", () => {
  new Journal(folder).intend("a", ORDER, 1);
  mkdirSync(join(folder, "balance"));
  writeFileSync(join(folder, "reference.json"), '{"what":"closed","nonce":"x"}');
  const warnings: string[] = [];
  expect(new Journal(folder, (text) => warnings.push(text)).read()).toMatchObject([{ key: "a" }]);
  expect(warnings).toEqual([]);
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

it("a release that is tried again counts again, while the files of before are there", () => {
  const first = new Journal(folder);
  first.intend("a", ORDER, 1);
  first.releasing("old");
  first.renewed("old");
  expect(new Journal(folder).wasReleasing("old")).toBe(false);
  // Its file is named after the time.
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  const second = new Journal(folder);
  clock.mockRestore();
  second.releasing("old");
  expect(new Journal(folder).wasReleasing("old")).toBe(true);
  second.renewed("old");
  expect(new Journal(folder).wasReleasing("old")).toBe(false);
});

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

it.each<[string, (journal: Journal) => void]>([
  ["a purchase is open", (journal) => journal.intend("a", ORDER, 1)],
  ["a port was about to be released", (journal) => journal.releasing("old")],
  ["both are", (journal) => (journal.intend("a", ORDER, 1), journal.releasing("old"))],
])("keeps the files of processes that are gone while %s", (_what, write) => {
  dead(new Journal(folder), write);
  const kept = files();
  for (let run = 0; run < 2; run += 1) new Journal(folder).read();
  expect(files()).toEqual(kept);
});

it("a file that is too large is reported once, and kept: it may hold purchases", () => {
  const file = join(folder, "1-999999999-aaaaaaaa.jsonl");
  writeFileSync(file, "");
  truncateSync(file, (64 << 20) + 1);
  const warnings: string[] = [];
  const journal = new Journal(folder, (text) => warnings.push(text));
  expect(() => journal.held("port-a")).not.toThrow();
  expect(journal.read()).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/larger than 64 MB/)]);
  expect(warnings[0]).toMatch(/aaaaaaaa\.jsonl cannot be read.*may not be known.*proxies-sx orphans/);
  expect(files()).toHaveLength(1);
});

describe("a journal that another user may have written", () => {
  const PLANTED = "1-999999999-aaaaaaaa.jsonl";
  const MAKE_FIFO = "mkfifo";
  let account: string;
  beforeEach(() => {
    account = join(folder, "account");
    new Journal(account).intend("a", ORDER, 1);
  });
  afterEach(() => jest.restoreAllMocks());

  const others = (path: string): void => {
    if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    jest.spyOn(process as { getuid(): number }, "getuid").mockReturnValue(4_242);
  };
  const planted = (make: (path: string) => void) => () => make(join(account, PLANTED));

  it.each<[string, () => void, RegExp]>([
    [
      "a folder that others may write to",
      () => chmodSync(account, 0o777),
      /account may be written by other.*chmod go-w/,
    ],
    ["one like /tmp", () => chmodSync(account, 0o1777), /account may be written by other users/],
    [
      "a folder above it that others may write to",
      () => chmodSync(folder, 0o777),
      / \S+ may be written by other users/,
    ],
    ["a folder that is a link", () => linked(account), /account is a symbolic link/],
    ["a folder of another user's", () => others(account), /account belongs to another user/],
    ["a FIFO in it, which nobody waits for", planted((at) => execFileSync(MAKE_FIFO, [at])), /jsonl is not a regular/],
    ["a link in it", planted((at) => symlinkSync("/dev/zero", at)), /jsonl is a symbolic link/],
    ["a folder in it", planted((at) => mkdirSync(at)), /jsonl is not a regular file/],
    ["a file in it that others may write to", planted((at) => wide(at)), /jsonl may be written by other users/],
    ["files of another user's", () => others(join(account, readdirSync(account)[0] as string)), /jsonl belongs to/],
  ])("(%s) buys nothing, forgets nothing, and says why in one line", (_what, spoil, why) => {
    spoil();
    const before = readdirSync(account);
    const warnings: string[] = [];
    const journal = new Journal(account, (text) => warnings.push(text));
    expect(() => journal.held("port-a")).not.toThrow();
    expect(() => journal.read()).toThrow(UnsafeJournalError);
    expect(() => journal.intend("b", ORDER, 2)).toThrow(why);
    expect(() => journal.intend("b", ORDER, 2)).toThrow(
      /^nothing is bought, since .* Look at what is there first\. .*PROXIES_SX_JOURNAL_DIR.*proxies-sx orphans[^\n]*$/,
    );
    expect(warnings).toEqual([expect.stringMatching(why)]);
    expect(readdirSync(account)).toEqual(before);
  });

  it("is used again once its permissions are corrected, with what it knew", () => {
    chmodSync(account, 0o777);
    const journal = new Journal(account);
    expect(() => journal.read()).toThrow(UnsafeJournalError);
    chmodSync(account, 0o700);
    expect(journal.read()).toMatchObject([{ key: "a" }]);
    journal.intend("b", ORDER, 2);
    expect(new Journal(account).read()).toHaveLength(2);
  });

  it("that opens while a purchase is under way loses no port: its end is reported as not written", () => {
    const warnings: string[] = [];
    const journal = new Journal(account, (text) => warnings.push(text));
    const purchase = journal.intend("b", ORDER, 2);
    chmodSync(account, 0o777);
    journal.bought(purchase, "port-b");
    expect(warnings).toEqual([expect.stringMatching(/cannot be written .*chmod go-w.*proxies-sx orphans/)]);
    chmodSync(account, 0o700);
    expect(new Journal(account).read()).toMatchObject([{ key: "a" }, { key: "b" }]);
  });

  it.each<[string, (journal: Journal) => void]>([
    ["a purchase", (journal) => journal.intend("b", ORDER, 2)],
    ["the release before a purchase, which would be refused", (journal) => journal.releasing("old")],
  ])("that opens once it was read stops %s, and says so once", (_what, write) => {
    const warnings: string[] = [];
    const journal = new Journal(account, (text) => warnings.push(text));
    journal.read();
    chmodSync(account, 0o777);
    expect(() => write(journal)).toThrow(UnsafeJournalError);
    chmodSync(account, 0o700);
    expect(warnings).toEqual([]);
    expect(journal.wasReleasing("old")).toBe(false);
    expect(journal.read()).toMatchObject([{ key: "a" }]);
  });

  it("a base that is a link of the user's, or like /tmp, is taken", () => {
    const base = join(folder, "base");
    mkdirSync(base);
    chmodSync(base, 0o1777);
    symlinkSync(base, join(folder, "link"));
    const journal = new Journal(join(folder, "link", "account"));
    journal.intend("a", ORDER, 1);
    expect(journal.read()).toHaveLength(1);
  });

  function linked(path: string): void {
    renameSync(path, `${path}-elsewhere`);
    symlinkSync(`${path}-elsewhere`, path);
  }

  function wide(path: string): void {
    writeFileSync(path, "");
    chmodSync(path, 0o666);
  }
});

it("a folder that cannot be read is reported, one that is not there counts as empty", () => {
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
  expect(warnings).toContainEqual(
    expect.stringMatching(/cannot be written .*set PROXIES_SX_JOURNAL_DIR to.*proxies-sx orphans/),
  );
  expect(warnings).toHaveLength(2);
});

it("is a folder for each account, that only the user may read, and shows no key", () => {
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

describe("whether a process is there", () => {
  const answering = (code: string): void =>
    void jest.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
  afterEach(() => jest.restoreAllMocks());

  it("one of another user's is, and one that the system does not know is not", () => {
    expect(isRunning(process.pid)).toBe(true);
    answering("EPERM");
    expect(isRunning(1)).toBe(true);
    answering("ESRCH");
    expect(isRunning(1)).toBe(false);
  });

  /** Where the system shows it. */
  const itShows = existsSync("/proc") ? it : it.skip;
  itShows("one that has ended is not, though its parent never asks for its end, as in a container", async () => {
    // The shell is another program by the time when what it started ends.
    const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    const pid = Number(String((await once(parent.stdout, "data"))[0]));
    while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) await new Promise(setImmediate);
    expect(isRunning(pid)).toBe(false);
    parent.kill();
  });
});

it("a file that names no process of its own is never taken for one that a process left", () => {
  writeFileSync(join(folder, "by-hand.jsonl"), "\n");
  expect(new Journal(folder).read()).toEqual([]);
  expect(files()).toEqual(["by-hand.jsonl"]);
});
