import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "../project.mjs";
import { helpTexts } from "./help-texts.mjs";
import { jsonForms } from "./json-form.mjs";
import { block, page } from "./markdown.mjs";

/** The page of all commands: what each prints with --help, and the form of its JSON. */
export async function commandsPage() {
  const [[, overview], ...commands] = await helpTexts();
  return page(
    "<!-- Written by `npm run docs:pages` from what the commands print with --help: change cli/. -->",
    "# Commands",
    "`npx proxies-sx <command>`. What commands with a stack have in common, such as where they find the key, is in [operations.md](operations.md#what-commands-have-in-common). A command with several forms of JSON has one for each of its actions; fields with `?` may be missing.",
    block("text", overview),
    commands.map(([name, help]) => [
      `## ${name}`,
      block("text", help),
      formsOf(name).map((form) => ["JSON:", block("text", form)]),
    ]),
  );
}

function formsOf(name) {
  const words = name.split(" ");
  const file = [words.join("-"), words.at(-1)]
    .map((one) => `cli/commands/${one}.ts`)
    .find((one) => existsSync(path.join(root, one)));
  return file === undefined ? [] : jsonForms(file);
}
