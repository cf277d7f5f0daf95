import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Backend } from "./backend";
import { freePort } from "./free-port";

/** Where Debian's package `postgresql` puts what runs a server. */
const PACKAGED = "/usr/lib/postgresql";

/** PostgreSQL of Debian's package; undefined where it is not installed. */
export async function startPostgres(): Promise<Backend | undefined> {
  const versions = existsSync(PACKAGED) ? readdirSync(PACKAGED) : [];
  const bin = versions.map((version) => join(PACKAGED, version, "bin")).find((one) => existsSync(join(one, "initdb")));
  if (bin === undefined) return undefined;
  const owner = process.getuid?.() === 0 ? userNamed("postgres") : undefined;
  const folder = mkdtempSync(join(tmpdir(), "psx-postgres-"));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(join(bin, program), args, { ...owner, cwd: folder, stdio: "ignore" });
  run("initdb", "--pgdata", data, "--auth=trust", "--username=test", "--no-sync");
  const port = await freePort();
  const options = `-h 127.0.0.1 -p ${port} -k ${folder} -F`;
  run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", join(folder, "log"), "--options", options);
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres?sslmode=disable`,
    env: {},
    stop: () => {
      run("pg_ctl", "stop", "--pgdata", data, "--mode=immediate");
      rmSync(folder, { recursive: true });
    },
  };
}

/** The server refuses to run as root. */
function userNamed(name: string): { uid: number; gid: number } | undefined {
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([user]) => user === name);
  return entry && { uid: Number(entry[2]), gid: Number(entry[3]) };
}
