import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { cacheRoot } from "../engine/locate.js";
import { must, run, runScript } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";
import { root } from "./project.mjs";
import { setUp } from "./setup.mjs";

/** Of what the package says that it works with, "20 || 22 || 24 || >=26": all but the first, on which the other tests run. */
const MAJORS = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
  .engines.node.match(/\d+/g)
  .slice(1);
/** The package as users install it, and a life in which every kind of resource is made, changed and released. */
const TESTS = ["tests/package", "tests/engine/life"];

/**
 * Runs tests on other versions of Node, with the newest SDK of Pulumi: `npm run test:node -- 24`, or with tests of one's
 * own choice `npm run test:node -- 22 26 tests/package/layouts`. Without a version, on each that is supported.
 */
runScript(async () => {
  await setUp();
  const given = process.argv.slice(2);
  const isMajor = (word) => /^\d+$/.test(word);
  const majors = given.filter(isMajor);
  const tests = given.filter((word) => !isMajor(word));
  for (const major of majors.length > 0 ? majors : MAJORS) await testOn(major, tests.length > 0 ? tests : TESTS);
});

async function testOn(major, tests) {
  const bin = await nodeBin(major);
  const env = {
    ...process.env,
    PATH: bin + path.delimiter + process.env.PATH,
    PROXIES_SX_TEST_SDK: process.env.PROXIES_SX_TEST_SDK ?? "latest",
  };
  const node = path.join(bin, "node");
  const { output } = await must(node, ["--version"], { env, deadlineMs: 10_000 });
  console.log(`Node ${output.trim()}, @pulumi/pulumi@${env.PROXIES_SX_TEST_SDK}`);
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  const args = [jest, "--maxWorkers=2", ...tests];
  const { code } = await run(node, args, { cwd: root, env, inherit: true, deadlineMs: 40 * 60_000 });
  if (code !== 0) process.exitCode = 1;
}

/** The folder of that Node, which npm has as a package for each platform. It is fetched once. */
async function nodeBin(major) {
  if (parseInt(process.versions.node) === Number(major)) return path.dirname(process.execPath);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = path.join(cacheRoot(), "nodes", major);
  const bin = path.join(folder, "node_modules", name, "bin");
  await withLock(`node-${major}`, async () => {
    const isThere = await run(path.join(bin, "node"), ["--version"], { deadlineMs: 10_000 }).then(
      ({ code }) => code === 0,
      () => false,
    );
    if (isThere) return;
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, `${name}@${major}`];
    await step(`fetching Node ${major}`, () => must("npm", args, { cwd: folder, deadlineMs: 5 * 60_000 }));
  });
  return bin;
}
