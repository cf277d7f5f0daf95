import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as tick } from "node:timers/promises";
import { type Backend } from "./backend";
import { freePort } from "./free-port";

const BUCKET = "pulumi-state";
const DEADLINE = 300_000; // on a busy machine Python takes a minute to load it

/** Moto's server of S3, from PyPI; undefined where it is not installed. */
export async function startS3(): Promise<Backend | undefined> {
  const file = found();
  if (file === undefined) return undefined;
  const port = await freePort();
  const server = spawn(file, ["--host", "127.0.0.1", "--port", String(port)], { stdio: "ignore" });
  const stop = (): void => void server.kill("SIGKILL");
  try {
    await makeBucket(`http://127.0.0.1:${port}/${BUCKET}`, server);
  } catch (error) {
    stop();
    throw error;
  }
  const query = `region=us-east-1&endpoint=127.0.0.1:${port}&disableSSL=true&s3ForcePathStyle=true`;
  return {
    url: `s3://${BUCKET}?${query}`,
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    stop,
  };
}

function found(): string | undefined {
  const files = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "moto_server"));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Asked for until the server listens. */
async function makeBucket(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + DEADLINE;
  const ended = once(server, "exit").then(() => {
    throw new Error("moto_server ended before it listened");
  });
  ended.catch(() => undefined);
  for (;;) {
    const answer = await Promise.race([fetch(url, { method: "PUT" }).catch(() => undefined), ended]);
    if (answer?.ok) return;
    if (answer || Date.now() > deadline) throw new Error(`no bucket could be made: ${answer?.status ?? "no answer"}`);
    await tick(100);
  }
}
