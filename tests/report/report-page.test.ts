import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type Page } from "playwright-core";
import { reportCommand } from "../../cli/commands/report";
import { reportHtml } from "../../dashboard/html";
import { type Emulator } from "../../emulator";
import { exported, heldPort } from "../cli/exported";
import { hearing } from "../cli/terminal";
import { countriesOn, describeInBrowser, figure, numberIn, openPage, startBrowser } from "./browser";
import { controlFigures } from "./control-figures";
import { fleetWorld, secretsOf } from "./fleet-world";

jest.setTimeout(60_000);

let browser: Browser;
let folder: string;

describeInBrowser("the report in a browser", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  describe.each([1, 2_000])("of %i ports", (size) => {
    const held = Math.ceil(size * 0.9);
    let emulator: Emulator;
    let file: string;
    beforeAll(async () => {
      emulator = await fleetWorld(size);
      file = join(folder, `${size}.html`);
      await report(emulator, file, held);
    });
    afterAll(() => emulator.close());

    it.each(["light", "dark"] as const)(
      "draws everything in %s, asks nobody and complains of nothing",
      async (scheme) => {
        const { page, complaints, requests } = await openPage(browser, pathToFileURL(file).href, scheme);
        await expectAllDrawn(page);
        const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        expect(background).toBe(scheme === "light" ? "rgb(245, 246, 248)" : "rgb(16, 20, 26)");
        await page.emulateMedia({ media: "print" });
        await expectAllDrawn(page);
        expect([complaints, requests.filter((url) => !url.startsWith("data:"))]).toEqual([
          [],
          [pathToFileURL(file).href],
        ]);
        await page.close();
      },
    );

    it("has the figures that the emulator has", async () => {
      const { page } = await openPage(browser, pathToFileURL(file).href);
      const told = controlFigures(emulator);
      const shown = async (name: string) => numberIn(await figure(page, name));
      expect([await shown("live"), await shown("healthy"), await shown("ending"), await shown("rotations")]).toEqual([
        told.live,
        told.healthy,
        told.ending,
        told.rotations,
      ]);
      expect(await shown("orphans")).toBe(size - held);
      expect(Math.abs((await shown("traffic-left")) / told.leftGB - 1)).toBeLessThan(0.01);
      expect(await countriesOn(page)).toEqual(told.byCountry);
      await page.close();
    });

    it("shows the ports a page at a time, sorted and filtered", async () => {
      const { page } = await openPage(browser, pathToFileURL(file).href);
      const rows = page.locator("#ports tbody tr");
      expect(await rows.count()).toBe(Math.min(50, size));
      await page.locator("#ports th button", { hasText: "GB a day" }).click();
      if (size > 50) {
        await page.locator("#ports .pager button", { hasText: "next" }).click();
        expect(await page.locator("#ports .pager span").innerText()).toBe("51–100 of 2,000");
        await page.locator("#ports input").fill("proxy #1234 ");
        expect(await rows.allInnerTexts()).toEqual([expect.stringContaining("Proxy #1234")]);
        await page.locator("#leases .pager button", { hasText: "next" }).click();
        expect(await page.locator("#leases .pager span").innerText()).toBe("26–50 of 2,000");
      }
      await page.close();
    });

    it("is one file of a bearable size, without a secret", () => {
      const text = readFileSync(file, "utf8");
      expect(text.length).toBeLessThan(250_000 + 500 * size);
      expect(secretsOf(emulator).filter((secret) => text.includes(secret))).toEqual([]);
      expect(text).not.toMatch(/psx_|canary/);
      expect(text).not.toContain(folder);
    });
  });

  it("names the slot type whose traffic ends first, however much is left of the other", async () => {
    const emulator = await fleetWorld(1); // 3 GB shared, 1 GB private
    emulator.control.editPort(emulator.control.ports()[0]!.id, { usedTraffic: 3 });
    const file = join(folder, "gone.html");
    await report(emulator, file, 1);
    const { page } = await openPage(browser, pathToFileURL(file).href);
    const tile = page.locator(".tile", { has: page.locator('[data-figure="traffic-left"]') });
    expect([await tile.innerText(), await tile.getAttribute("class")]).toEqual([
      expect.stringMatching(/1 GB[^]*shared lasts 0 s/),
      "tile bad",
    ]);
    expect(await page.locator("#traffic").innerText()).toContain("the 0 GB of shared traffic left last 0 s.");
    await page.close();
    await emulator.close();
  });

  it("is whole on a phone, and says in words where a chart would be empty", async () => {
    const emulator = await fleetWorld(3);
    for (const { id } of emulator.control.ports()) emulator.control.editPort(id, { usedTraffic: 0 });
    const file = join(folder, "phone.html");
    await report(emulator, file, 3);
    const { page } = await openPage(browser, pathToFileURL(file).href);
    await page.setViewportSize({ width: 390, height: 844 });
    // Charts follow the window in their own time.
    await page.waitForFunction(
      "Math.max(...[...document.querySelectorAll('body, .scroll, figure, canvas')].filter((one) => one.offsetParent !== null || one === document.body).map((one) => Math.max(one.scrollWidth, one.getBoundingClientRect().right))) <= 390",
    );
    expect(await page.locator("#traffic").innerText()).toMatch(
      /No traffic in the last 90 days\. No port has used traffic/,
    );
    expect(await page.locator("#traffic canvas:visible").count()).toBe(1);
    await page.close();
    await emulator.close();
  });

  it("shows the vendor's words as words", async () => {
    const emulator = await fleetWorld(3);
    const evil = '</script><script>alert(1)</script><img src="http://127.0.0.1:9/" onerror="alert(2)"><!--';
    for (const { id } of emulator.control.ports()) {
      emulator.control.editPort(id, { displayName: evil, status: evil, healthStatus: "<b>odd</b>", countryName: evil });
    }
    const file = join(folder, "evil.html");
    await report(emulator, file, 3);
    const { page, complaints, requests } = await openPage(browser, pathToFileURL(file).href);
    expect(await page.locator("#ports tbody tr").first().innerText()).toContain(evil);
    expect(await page.locator("img, b:has-text('odd')").count()).toBe(0);
    expect([complaints, requests.filter((url) => !url.startsWith("data:"))]).toEqual([[], [pathToFileURL(file).href]]);
    await emulator.close();
  });

  it("shows leases that a wallet pays for, and nothing where there are none", async () => {
    const none = { leftOut: "not asked" };
    const fleet = {
      takenAt: Date.now(),
      source: "a.example",
      ports: none,
      account: none,
      usage: none,
      rotations: none,
    };
    const lease = { name: "<b>scraper</b>", session: "abc123", country: "DE", status: "active", expiresAt: 1 };
    const wallet = {
      takenAt: 0,
      value: [{ ...lease, allocatedGB: 2, remainingGB: 0.5, paidUSDC: "8.50", payments: 3 }],
    };
    const file = join(folder, "wallet.html");
    writeFileSync(file, reportHtml({ ...fleet, wallet }));
    const { page } = await openPage(browser, pathToFileURL(file).href);
    expect(await page.locator("#wallet tbody tr").allInnerTexts()).toEqual([
      expect.stringMatching(/^<b>scraper<\/b>\s+…abc123\s+DE\s+–\s+active\s+over\s.*\s2\s+0\.5\s+3\s+8\.50\s+–$/),
    ]);
    await page.close();
    writeFileSync(file, reportHtml(fleet));
    const { page: empty } = await openPage(browser, pathToFileURL(file).href);
    expect(await empty.locator("#wallet").isVisible()).toBe(false);
    await empty.close();
  });

  it("lets no script of its own ask anybody", async () => {
    const emulator = await fleetWorld(1);
    const file = join(folder, "closed.html");
    await report(emulator, file, 1);
    emulator.control.clearRequests();
    const { page, complaints } = await openPage(browser, pathToFileURL(file).href);
    const asked = `fetch("${emulator.url}/v1/ports").then(() => "sent", () => "blocked")`;
    expect(await page.evaluate<string>(asked)).toBe("blocked");
    expect(complaints.join()).toContain("Content Security Policy");
    expect(emulator.control.requests()).toEqual([]);
    await emulator.close();
  });
});

/** How many charts can be seen, and how many of them have something on them. */
const CHARTS = `(() => {
  const seen = [...document.querySelectorAll("canvas")].filter((one) => one.offsetParent !== null);
  const drawn = seen.filter((one) => {
    const empty = Object.assign(document.createElement("canvas"), { width: one.width, height: one.height });
    return one.width > 0 && one.toDataURL() !== empty.toDataURL();
  });
  return { seen: seen.length, drawn: drawn.length };
})()`;

async function expectAllDrawn(page: Page): Promise<void> {
  const { seen, drawn } = await page.evaluate<{ seen: number; drawn: number }>(CHARTS);
  expect(seen).toBeGreaterThan(0);
  expect(drawn).toBe(seen);
}

async function report(emulator: Emulator, file: string, held: number): Promise<void> {
  const state = join(folder, "dev.json");
  const ids = emulator.control.ports().slice(0, held);
  writeFileSync(state, exported(ids.map(({ id }, at) => heldPort(`scraper-${at}`, id))));
  const terminal = hearing({ PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url });
  expect([await reportCommand(["-o", file, "--state", state], terminal), terminal.said.out]).toEqual([0, ""]);
}
