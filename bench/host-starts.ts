import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type Host, typeOf } from "../domain/kinds";
import { providerText } from "../sdk/engine/provider-text";
import { median } from "./median";
import { usageNow } from "./usage";

const ROOT = join(__dirname, "..");
const PLUGIN = "pulumi-resource-proxies-sx";
const ROUNDS = 5;
interface Start {
  name: string;
  host: Host;
  command: string;
  args: readonly string[];
}

const STARTS: readonly Start[] = [
  {
    name: "the dynamic host",
    host: "dynamic",
    command: process.execPath,
    args: [join(ROOT, "node_modules/@pulumi/pulumi/cmd/dynamic-provider")],
  },
  {
    name: "the plugin, one file",
    host: "plugin",
    command: join(ROOT, "node_modules/.cache/pulumi-proxies-sx/plugin", PLUGIN),
    args: [],
  },
  {
    name: "the plugin, one executable",
    host: "plugin",
    command: join(ROOT, "node_modules/.cache/pulumi-proxies-sx/executable", PLUGIN),
    args: [],
  },
];

/**
 * From the start of a provider's process to its answer to a first check of a Port, by host, in turns. The executable is
 * measured where `npm run plugin:archive` has left one.
 */
export async function hostStarts(account: Account): Promise<[part: string, took: string][]> {
  const starts = STARTS.filter(({ command }) => existsSync(command));
  const took = new Map(starts.map(({ name }) => [name, [] as Took[]]));
  // A provider ends by itself where its engine does not listen.
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address = `127.0.0.1:${(engine.address() as AddressInfo).port}`;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const start of starts) took.get(start.name)?.push(await untilAnswer(start, address, account));
  engine.close();
  const of = (name: string, pick: (one: Took) => number): number => median((took.get(name) ?? []).map(pick));
  const [dynamic = ""] = starts.map(({ name }) => name);
  return starts.map(({ name }) => {
    const [ms, cpuMs, mb] = [of(name, (one) => one.ms), of(name, (one) => one.cpuMs), of(name, (one) => one.mb)];
    const [ofTime, ofCpu] = [ms / of(dynamic, (one) => one.ms), cpuMs / of(dynamic, (one) => one.cpuMs)];
    return [
      `${name}, from its start to the answer to a first check`,
      `${ms.toFixed(0)} ms (${ofTime.toFixed(2)} of the dynamic host's), ` +
        `${cpuMs.toFixed(0)} ms of CPU (${ofCpu.toFixed(2)}), ${mb.toFixed(0)} MB`,
    ];
  });
}

/** Of the emulator, which a first check asks for its countries. */
interface Account {
  apiKey: string;
  url: string;
}

interface Took {
  ms: number;
  /** What a busy machine does not lengthen. */
  cpuMs: number;
  /** Most resident memory. */
  mb: number;
}

async function untilAnswer({ host, command, args }: Start, engine: string, account: Account): Promise<Took> {
  const env = { ...process.env, PULUMI_NODEJS_PROJECT: "bench" };
  const begun = performance.now();
  const child = spawn(command, [...args, engine], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await configure(client, host, account);
    await check(client, host);
    client.close();
    const ms = performance.now() - begun;
    const { cpu, memory } = usageNow(child.pid as number);
    return { ms, cpuMs: 1_000 * cpu, mb: memory };
  } finally {
    child.kill("SIGKILL");
  }
}

function configure(client: ResourceProviderClient, host: Host, { apiKey, url }: Account): Promise<void> {
  const prefix = host === "dynamic" ? "proxies-sx:" : "";
  const settings = { [`${prefix}apiKey`]: apiKey, [`${prefix}apiUrl`]: url };
  const request = new ConfigureRequest().setArgs(Struct.fromJavaScript(settings));
  return new Promise((resolve, reject) => {
    client.configure(request, (error) => (error ? reject(error) : resolve()));
  });
}

function check(client: ResourceProviderClient, host: Host): Promise<void> {
  const inputs = {
    country: "DE",
    expiresIn: "30d",
    slotType: "shared",
    ...(host === "dynamic" && { __provider: providerText("port"), __urn: "dev::a" }),
  };
  const request = new CheckRequest()
    .setUrn(`urn:pulumi:dev::bench::${typeOf("Port", host)}::a`)
    .setOlds(new Struct())
    .setNews(Struct.fromJavaScript(inputs));
  return new Promise((resolve, reject) => {
    client.check(request, (error, response) => {
      const [failure] = response?.getFailuresList() ?? [];
      if (error || failure) reject(error ?? new Error(failure?.getReason()));
      else resolve();
    });
  });
}
