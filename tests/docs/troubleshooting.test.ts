import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** All sources as one line, with texts that stand in several parts put together. */
const SOURCES = ["api", "cli", "domain", "files", "provider", "review", "sdk"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(ROOT, folder, name)),
  )
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(file, "utf8").replace(/["`] \+\s+["`]/g, ""))
  .join("\n");

/** Messages of the page, by its sections: what stands as code in the first column. */
const sections = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8")
  .split(/^## /m)
  .slice(1)
  .filter((section) => !section.startsWith("Pulumi\n"));
const messages = sections.flatMap((section) =>
  section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .flatMap((line) => [...(line.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, message = ""]) => message)),
);

/** What a message always says: its longest part between names and numbers, and what is Node's or the status of an answer. */
function constantPart(message: string): string {
  const parts = message.replace(/\(\w+ (\w+) …\)/, "…$1…").split(/…|"/);
  return parts.map((part) => part.trim()).reduce((longest, part) => (part.length > longest.length ? part : longest));
}

it("each message of the page is one that the sources can say", () => {
  expect(messages.length).toBeGreaterThan(60);
  const OF_NODE = ["Cannot find module 'pulumi-proxies-sx/provider'"];
  const unsaid = messages.filter((message) => !OF_NODE.includes(message) && !SOURCES.includes(constantPart(message)));
  expect(unsaid).toEqual([]);
});
