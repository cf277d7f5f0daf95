import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Each test file's purchases are written to a folder of their own, not to the user's. */
const folder = mkdtempSync(join(tmpdir(), "proxies-sx-journal-"));
process.env.PROXIES_SX_JOURNAL_DIR = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
