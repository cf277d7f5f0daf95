import { Failure } from "../child.mjs";
import { fact, heading, say } from "./screen.mjs";

/** What a person wants to see of a fleet, from nothing to nothing. Each claim is checked against the emulator. */
export async function story({ emulator, stack, commands }) {
  const { control } = emulator;
  const seen = [];
  const secrets = new Set([emulator.apiKey]);

  /** Runs Pulumi, then says which requests reached the API. */
  const run = async (pulumi) => {
    control.clearRequests();
    seen.push(await pulumi());
    say(requests(control.requests()));
    for (const port of control.ports()) secrets.add(port.proxyPassword);
  };
  const expect = (claim, holds) => {
    if (!holds) throw new Failure(`The demo expected this, and it is not so: ${claim}`);
    fact(claim);
  };
  const byCountry = (code) => control.ports().filter((port) => port.device.country.code === code);

  heading("Connect", `An emulator of the proxies.sx API listens at ${emulator.url}. Nothing is bought for real.`);
  await stack.set("proxies-sx:apiUrl", emulator.url);
  await stack.setSecret("proxies-sx:apiKey", emulator.apiKey);

  heading("Preview", "What would examples/quickstart make?");
  await run(() => stack.preview());
  expect("Nothing was bought.", control.ports().length === 0);

  heading("Buy the fleet", "Three ports, each with rotation, a login of its own and an OS fingerprint.");
  await run(() => stack.up());
  expect(
    "The API has three ports: two in Germany, one in Britain.",
    byCountry("DE").length === 2 && byCountry("GB").length === 1,
  );
  const ids = control.ports().map((port) => port.id);

  heading("Use it", "Whatever holds a password is a secret: masked here, encrypted in the state.");
  await run(() => stack.outputs());

  heading("Apply again", "The same program: nothing to do.");
  await run(() => stack.up({ flags: ["--expect-no-changes"], outputs: false }));

  heading("Let it work", "Twelve days pass at once on the emulator's clock: ports rotate and use traffic.");
  control.clock.advance("12d");
  const working = control.ports();
  for (const { displayName, device, usedTraffic, rotationSettings } of working)
    say(
      `${displayName} in ${device.country.name}: ${usedTraffic.toFixed(1)} GB, ${rotationSettings.rotationCount} rotations`,
    );
  say(`While this demo runs, the page at ${emulator.url}/ shows the fleet, its traffic and its leases.`);
  expect("Each port has used traffic.", working.length === 3 && working.every(({ usedTraffic }) => usedTraffic > 0));

  heading("Change it in place", "Rotate every 15 minutes, and move the British port to Poland.");
  await stack.set("rotationMinutes", "15");
  await stack.set("countries", '["DE","DE","PL"]');
  await run(() => stack.up());
  const sameIds = control.ports().every((port) => ids.includes(port.id));
  expect("The port is in Poland, and no port was replaced.", byCountry("PL").length === 1 && sameIds);

  heading("Repair drift", "Somebody uses the dashboard: one port moves to France, another stops rotating.");
  const [moved, stopped] = control.ports();
  control.editPort(moved.id, { country: "FR" });
  control.editPort(stopped.id, { rotationSettings: { enabled: false } });
  await run(() => stack.up({ flags: ["--refresh"], outputs: false }));
  const rotates = control.ports().every((port) => port.rotationSettings.enabled);
  expect("Every port is where the program says, and rotates.", byCountry("FR").length === 0 && rotates);

  heading("Give it back");
  await run(() => stack.destroy());
  expect("The API has no port left.", control.ports().length === 0);
  expect(
    "No key and no password was shown above.",
    !seen.some((text) => [...secrets].some((secret) => text.includes(secret))),
  );

  heading("Go on");
  say(
    "1. Something to talk to. Either an emulator that keeps running, in another terminal,",
    "     npx proxies-sx emulator",
    "   which prints what to export here, or a key of your own, which buys real ports:",
    "     export PROXIES_API_KEY=psx_…",
    "2. The same fleet, in a stack of your own:",
    ...commands.map((line) => `     ${line}`),
  );
}

function requests(log) {
  if (log.length === 0) return "→ no request to the API";
  const counts = new Map();
  for (const { method, route, path } of log) {
    const name = `${method} ${route ?? path}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  return `→ ${log.length} request${log.length === 1 ? "" : "s"} to the API: ${parts.join(", ")}`;
}
