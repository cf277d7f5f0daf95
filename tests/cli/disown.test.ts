import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disownCommand } from "../../cli/commands/disown";
import { accountFolder } from "../../provider/run/account-folder";
import { Journal } from "../../provider/purchase/journal";

const ID = "6b055056069c43a8c3b7cf3c";
const account = { apiKey: `psx_${"a".repeat(64)}`, apiUrl: "http://127.0.0.1:1" };
let folder: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-disown-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({
  PROXIES_SX_JOURNAL_DIR: folder,
  PROXIES_API_KEY: account.apiKey,
  PROXIES_API_URL: account.apiUrl,
});
const say = (text: string): void => void said.push(text);
const disown = (...argv: string[]): Promise<number> => disownIn(env(), ...argv);
const disownIn = (where: NodeJS.ProcessEnv, ...argv: string[]): Promise<number> =>
  disownCommand(argv, { env: where, out: say, err: say, hide: () => undefined, input: async () => "" });
const journal = (): Journal => new Journal(accountFolder(account, env()));

it.each<[string, () => void]>([
  ["a purchase is open", () => journal().intend("a", { countryId: "1".repeat(24), expiresInSeconds: 60 }, Date.now())],
  ["none is: a run on another machine may have lost it", () => undefined],
])("notes ports for the runs to come, where %s", async (_where, open) => {
  open();
  expect(await disown(ID)).toBe(0);
  expect(said.slice(1)).toEqual([`Noted: ${ID}. Run \`pulumi up\` again.`]);
  expect(journal().isSettled(ID)).toBe(true);
});

it("says so where it cannot be noted", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(await disownIn({ ...env(), PROXIES_SX_JOURNAL_DIR: file }, ID)).toBe(3);
  const at = accountFolder(account, { PROXIES_SX_JOURNAL_DIR: file });
  expect(said.slice(1)).toEqual([
    `proxies-sx disown: nothing is noted: the journal's folder ${at} cannot be written (ENOTDIR). Correct that, or set PROXIES_SX_JOURNAL_DIR to another folder, for the runs too`,
  ]);
});

it.each<[string, string[], RegExp]>([
  ["no id", [], /name the ports/],
  ["a text that is no id", ["scraper"], /24 hexadecimal digits/],
  ["an option that does not exist", [ID, "--all"], /--all/],
])("refuses %s", async (_what, argv, message) => {
  expect(await disown(...argv)).toBe(2);
  expect(said.join("\n")).toMatch(message);
  expect(said.join("\n")).not.toContain("\n");
});
