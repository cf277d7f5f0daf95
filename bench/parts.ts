import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createApi } from "../api";
import { readPorts } from "../api/port";
import { type ResponseContext } from "../api/reading";
import { startEmulator } from "../emulator";
import { dynamicHost, type DynamicProvider } from "../provider/hosts/dynamic";
import { SessionHolder } from "../provider/hosts/session-holder";
import { port as portHandler } from "../provider/port/handler";
import { hostStarts } from "./host-starts";
import { median } from "./median";
import { worldOf } from "./vendor";

const ROOT = join(__dirname, "..");
const PORTS = 2_000;
const ROUNDS = 5;
const PAGE = 100;

type Inputs = Record<string, unknown>;

/** What the provider's own parts take, without an engine: medians of five. */
export async function parts(): Promise<void> {
  const rows = [...starts(), ...(await hosts()), ...(await operations()), ...(await lists()), ...(await ends())];
  console.log(`| part | median of ${ROUNDS} |\n| --- | --- |`);
  for (const [part, took] of rows) console.log(`| ${part} | ${took} |`);
}

type Row = [part: string, took: string];

/** Each in processes of their own, in the order in which the provider's process loads them. */
function starts(): Row[] {
  const loads = ["@pulumi/pulumi", "zod", "axios", "pulumi-proxies-sx/provider"];
  const program = `
    const took = [];
    for (const name of ${JSON.stringify(loads)}) {
      const start = performance.now();
      require(name);
      took.push(performance.now() - start, process.memoryUsage().rss / 1e6);
    }
    console.log(JSON.stringify(took));
    process.exit();
  `;
  const samples = Array.from(
    { length: ROUNDS },
    () => JSON.parse(execFileSync(process.execPath, ["-e", program], { cwd: ROOT }).toString()) as number[],
  );
  const of = (index: number): string => median(samples.map((sample) => sample[index] ?? 0)).toFixed(0);
  return loads.map((name, index) => [
    `load ${name.replace("pulumi-proxies-sx/provider", "our own modules")}`,
    `${of(2 * index)} ms, then ${of(2 * index + 1)} MB resident`,
  ]);
}

async function hosts(): Promise<Row[]> {
  const emulator = await startEmulator({});
  try {
    return await hostStarts(emulator);
  } finally {
    await emulator.close();
  }
}

/** Of Ports, all in one process with the emulator; a read waits for a list that all share. */
async function operations(): Promise<Row[]> {
  const each: Record<string, number[]> = { check: [], diff: [], create: [], read: [], delete: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const emulator = await startEmulator(worldOf({ ports: PORTS, latencyMs: 0, limit: 0 }));
    const config: Record<string, string> = {
      "proxies-sx:apiKey": emulator.apiKey,
      "proxies-sx:apiUrl": emulator.url,
    };
    const host = (): DynamicProvider => {
      const holder = new SessionHolder({});
      const made = dynamicHost(portHandler, holder);
      made.configure({ config: { get: (key) => config[key] } });
      return made;
    };
    const first = host();
    const inputs = Array.from({ length: PORTS }, (_, index) => inputsOf(`port-${index}`));
    const time = async <T>(name: string, run: (index: number) => Promise<T>): Promise<T[]> => {
      const start = performance.now();
      const found: T[] = [];
      for (let from = 0; from < PORTS; from += 8)
        found.push(...(await Promise.all(inputs.slice(from, from + 8).map((_, index) => run(from + index)))));
      each[name]?.push((1_000 * (performance.now() - start)) / PORTS);
      return found;
    };
    const checked = await time("check", (index) => first.check({}, inputs[index] as Inputs));
    const made = await time("create", (index) => first.create(checked[index]?.inputs as Inputs));
    const later = host(); // as in the next run
    const read = await time("read", (index) => later.read(made[index]?.id as string, made[index]?.outs as Inputs));
    await time("diff", (index) =>
      later.diff(made[index]?.id as string, read[index]?.props as Inputs, checked[index]?.inputs as Inputs),
    );
    await time("delete", (index) => later.delete(made[index]?.id as string, read[index]?.props as Inputs));
    await emulator.close();
  }
  return Object.entries(each).map(([name, took]) => [
    `${name} of a Port, ${PORTS} of them, 8 at a time${name === "check" || name === "diff" ? "" : ", with the emulator's part"}`,
    `${median(took).toFixed(0)} µs`,
  ]);
}

const inputsOf = (name: string): Inputs => ({
  __urn: `dev::${name}`,
  country: "DE",
  expiresIn: "30d",
  slotType: "shared",
});

const HEARD: ResponseContext = {
  notice: () => undefined,
  serverNow: Date.now(),
  status: 200,
  header: () => undefined,
  fit: (value) => value,
  size: 0,
  broken: (_field, what) => {
    throw new Error(what);
  },
  leftOut: () => undefined,
  known: (_field, value) => value,
};

/** The answers to one list of 2,000 ports: pages of 100. */
async function lists(): Promise<Row[]> {
  const emulator = await startEmulator(worldOf({ ports: PORTS, latencyMs: 0, limit: 0 }));
  try {
    const { api, pages } = await filled(emulator);
    const took = await inRounds(() => pages.map((text) => JSON.parse(text) as unknown));
    const bodies = pages.map((text) => JSON.parse(text) as unknown);
    const read = await inRounds(() => bodies.map((body) => readPorts(body, HEARD)));
    const whole = await inRounds(() => api.ports.list());
    api.close();
    const size = pages.reduce((sum, text) => sum + text.length, 0) / 1_024;
    return [
      [`JSON.parse of a list of ${PORTS} ports (${size.toFixed(0)} KiB)`, `${took.toFixed(0)} ms`],
      ["zod over that list", `${read.toFixed(0)} ms`],
      [`the whole list from the emulator, ${PORTS / PAGE} requests`, `${whole.toFixed(0)} ms`],
    ];
  } finally {
    await emulator.close();
  }
}

async function inRounds(run: () => unknown): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await run();
    took.push(performance.now() - start);
  }
  return median(took);
}

async function filled(
  emulator: Awaited<ReturnType<typeof startEmulator>>,
): Promise<{ api: ReturnType<typeof createApi>; pages: string[] }> {
  const api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url });
  const country = (await api.reference.countries()).find(({ code }) => code === "DE");
  if (!country) throw new Error("the emulator has no DE");
  for (let made = 0; made < PORTS; made += 50)
    await Promise.all(
      Array.from({ length: 50 }, () => api.ports.create({ countryId: country.id, expiresInSeconds: 2_592_000 })),
    );
  const pages: string[] = [];
  for (let page = 1; page <= PORTS / PAGE; page += 1) {
    const answer = await fetch(`${emulator.url}/v1/ports?page=${page}&limit=${PAGE}`, {
      headers: { "X-API-Key": emulator.apiKey },
    });
    pages.push(await answer.text());
  }
  return { api, pages };
}

/** From the last answer to the end of a process that closes nothing: timers and sockets left open would hold it. */
async function ends(): Promise<Row[]> {
  const emulator = await startEmulator({});
  const env = { ...process.env, PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url };
  const client = `
    const { PROXIES_API_KEY: apiKey, PROXIES_API_URL: apiUrl } = process.env;
    await require("pulumi-proxies-sx/api").createApi({ apiKey, apiUrl }).ports.list();
  `;
  const provider = `await require("pulumi-proxies-sx/provider").port.read("0123456789abcdef01234567", {});`;
  try {
    const took = async (work: string): Promise<string> => {
      const samples: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) samples.push(await untilExit(work, env));
      return `${median(samples).toFixed(0)} ms`;
    };
    return [
      ["a process that does nothing, from its last line to its end", await took("")],
      ["the same after a list by the client, nothing closed", await took(client)],
      ["the same after a read by the provider", await took(provider)],
    ];
  } finally {
    await emulator.close();
  }
}

function untilExit(work: string, env: NodeJS.ProcessEnv): Promise<number> {
  const program = `(async () => { ${work}; process.stdout.write("done\\n"); })();`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", program], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
    let done: number | undefined;
    child.stdout.on("data", () => (done = performance.now()));
    child.on("close", (code) =>
      code === 0 && done !== undefined ? resolve(performance.now() - done) : reject(new Error("a part failed")),
    );
  });
}
