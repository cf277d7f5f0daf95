import { type Browser } from "playwright-core";
import { startEmulator } from "../../emulator";
import { countriesOn, describeInBrowser, figure, numberIn, openPage, startBrowser } from "./browser";
import { controlFigures } from "./control-figures";
import { fleetWorld, secretsOf } from "./fleet-world";

jest.setTimeout(60_000);

describeInBrowser("the emulator's page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it("shows how ports come and go, and which calls made it so", async () => {
    const emulator = await startEmulator();
    const { page, complaints, requests } = await openPage(browser, `${emulator.url}/`);
    expect(await figure(page, "live")).toBe("0");
    const call = (method: string, path: string, body?: object) =>
      fetch(`${emulator.url}/v1${path}`, {
        method,
        headers: { "X-API-Key": emulator.apiKey, "Content-Type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const [{ _id: countryId }] = (await (await call("GET", "/countries/with-devices")).json()) as [{ _id: string }];
    const answer = await call("POST", "/ports", { countryId, expiresAt: 86_400 });
    const { id } = (await answer.json()) as { id: string };
    await page.locator("[data-figure=live]", { hasText: "1" }).waitFor({ timeout: 5_000 });
    expect(await page.locator("#calls tbody tr").first().innerText()).toContain("POST /v1/ports");
    await call("DELETE", `/ports/${id}`);
    await page.locator("[data-figure=live]", { hasText: "0" }).waitFor({ timeout: 5_000 });
    const elsewhere = requests.filter((url) => !url.startsWith(emulator.url) && !url.startsWith("data:"));
    expect([complaints, elsewhere]).toEqual([[], []]);
    await page.close();
    await emulator.close();
  });

  it.each([1, 2_000])("has the figures of control, with %i ports, and no secret", async (size) => {
    const emulator = await fleetWorld(size);
    const answers: Promise<string>[] = [];
    const { page, complaints } = await openPage(browser, `${emulator.url}/`, "dark");
    const told = controlFigures(emulator);
    expect(
      await Promise.all(
        ["live", "healthy", "ending", "rotations"].map(async (name) => numberIn(await figure(page, name))),
      ),
    ).toEqual([told.live, told.healthy, told.ending, told.rotations]);
    expect(await countriesOn(page)).toEqual(told.byCountry);
    for (const path of ["/", "/_emulator/fleet"]) answers.push(fetch(emulator.url + path).then((one) => one.text()));
    const sent = (await Promise.all(answers)).join();
    expect(secretsOf(emulator).filter((secret) => sent.includes(secret))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
    await emulator.close();
  });

  it("says that the emulator is gone, and finds it again", async () => {
    const emulator = await startEmulator();
    const { page } = await openPage(browser, `${emulator.url}/`);
    const port = Number(new URL(emulator.url).port);
    await emulator.close();
    await page.locator("#taken", { hasText: "No data at the moment" }).waitFor({ timeout: 5_000 });
    const again = await startEmulator({ port });
    await page.locator("#taken", { hasText: "the emulator on" }).waitFor({ timeout: 5_000 });
    await page.close();
    await again.close();
  });
});
