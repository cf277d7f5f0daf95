import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "node_modules/.cache/pulumi-proxies-sx/plugin/pulumi-resource-proxies-sx";
const plugin = readFileSync(join(__dirname, "../..", FILE), "utf8");

/** What packages bring along and the plugin never uses costs each start: see scripts/plugin.mjs. */
it.each([
  ["types of files, for forms", "application/vnd.ms-excel"],
  ["messages in other languages", "\\u05D0"],
])("the plugin's file has no %s", (_what, text) => {
  expect(plugin.includes(text)).toBe(false);
});
