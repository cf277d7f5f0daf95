import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const HOW = "no Chromium is found: install one (Debian: `apt-get install -y chromium`), or name its file in CHROMIUM";

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [process.env.CHROMIUM ?? "", ...paths, ...MAC].find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== "";
  } catch {
    return false;
  }
}

const found = findChromium();

/** Tests that need a browser. Without one they are skipped, with a word. */
export const describeInBrowser: jest.Describe = found === undefined ? describe.skip : describe;
if (describeInBrowser === describe.skip) process.stderr.write(`\nSKIPPED, the page is not tested: ${HOW}\n\n`);

export async function startBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error(HOW);
  return chromium.launch({ executablePath: found });
}

/** A page of whose life nothing is missed. */
export interface Watched {
  page: Page;
  /** Errors and warnings of the console, and errors that nobody caught. */
  complaints: string[];
  /** URLs of every request. */
  requests: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  colorScheme: "light" | "dark" = "light",
): Promise<Watched> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => requests.push(request.url()));
  page.on("websocket", (socket) => requests.push(socket.url()));
  await page.goto(url);
  await page.locator("[data-figure=live]").waitFor();
  return { page, complaints, requests };
}

/** What a tile says. */
export const figure = (page: Page, name: string): Promise<string> => page.locator(`[data-figure=${name}]`).innerText();

/** Ports of each country as the tiles have them. */
export async function countriesOn(page: Page): Promise<Record<string, number>> {
  const tiles = await page.locator("[data-country]").all();
  const read = tiles.map(async (tile): Promise<[string, number]> => [
    (await tile.getAttribute("data-country")) ?? "",
    numberIn(await tile.locator(".big").innerText()),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

export const numberIn = (text: string): number => Number(text.replaceAll(",", "").split(" ")[0]);
