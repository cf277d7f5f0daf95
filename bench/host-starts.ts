import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type Host, typeOf } from "../domain/kinds";
import { providerText } from "../sdk/engine/provider-text";
import { median } from "./median";

const ROOT = join(__dirname, "..");
const PLUGIN = "pulumi-resource-proxies-sx";
const ROUNDS = 5;
/** Nobody answers there: a provider that is asked to check asks nobody. */
const ENGINE = "127.0.0.1:1";

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
export async function hostStarts(apiKey: string): Promise<[part: string, took: string][]> {
  const starts = STARTS.filter(({ command }) => existsSync(command));
  const took = new Map(starts.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const start of starts) took.get(start.name)?.push(await untilAnswer(start, apiKey));
  const medians = starts.map(({ name }) => [name, median(took.get(name) ?? [])] as const);
  const dynamic = medians[0]?.[1] ?? NaN;
  return medians.map(([name, ms]) => [
    `${name}, from its start to the answer to a first check`,
    `${ms.toFixed(0)} ms, ${(ms / dynamic).toFixed(2)} of the dynamic host's`,
  ]);
}

async function untilAnswer({ host, command, args }: Start, apiKey: string): Promise<number> {
  const env = { ...process.env, PROXIES_API_KEY: apiKey, PULUMI_NODEJS_PROJECT: "bench" };
  const begun = performance.now();
  const child = spawn(command, [...args, ENGINE], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await check(client, host);
    client.close();
    return performance.now() - begun;
  } finally {
    child.kill("SIGKILL");
  }
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
    .setNews(Struct.fromJavaScript(inputs));
  return new Promise((resolve, reject) => {
    client.check(request, (error, response) => {
      const [failure] = response?.getFailuresList() ?? [];
      if (error || failure) reject(error ?? new Error(failure?.getReason()));
      else resolve();
    });
  });
}
