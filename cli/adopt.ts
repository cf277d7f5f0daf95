import { parseArgs } from "node:util";
import { writeFileSync } from "node:fs";
import { type Api, type Port } from "../api";
import { isGone } from "../provider/port-lease";
import { Reference } from "../provider/reference";
import { type Adoption, adoptCode } from "./adopt-code";
import { openApi } from "./open-api";
import { StateError } from "./stack-state";
import { fileSource, readAll, stackSource } from "./state-source";
import { processTerminal, type Terminal } from "./terminal";
import { UsageError, usageError } from "./usage-error";

const HELP = `Usage: proxies-sx adopt [ID...] [options]

Prints a program that takes ports which exist under Pulumi's management: those that are named, or all live ports of the
account. Its first \`pulumi up\` buys nothing and changes nothing at the vendor.

  --language NAME  typescript (default), or javascript
  --output FILE    write the program to this file, which must not exist
  --stack NAME     leave out what this stack manages already; its state is read with \`pulumi stack export\`
  --state FILE     the same for a state that was exported before; - is standard input
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask (default: PROXIES_API_URL, else https://api.proxies.sx)
  --help           this text

The key is read from PROXIES_API_KEY only.

Exit code: 0 a program was printed, 1 there is nothing to adopt, 2 wrong usage, 3 it could not be determined.`;

const IMPORTS: Record<string, string> = {
  typescript: 'import * as proxies from "pulumi-proxies-sx";',
  javascript: 'const proxies = require("pulumi-proxies-sx");',
};

const ABOUT = `
/**
 * Ports that existed before this program. The option \`import\` takes each under management as it is; it can go after the
 * first \`pulumi up\`. Logins, passwords and rotation stay as they are: declare Credentials or RotationSettings to manage
 * them too. A port keeps the login that it has in its own outputs, so no password stands here.
 */
`;

/** Ports that exist, as a program. */
export async function adoptCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  let api: Api | undefined;
  try {
    const args = readArguments(argv);
    if (args === "help") {
      terminal.out(HELP);
      return 0;
    }
    api = openApi(args.apiUrl, terminal);
    return await adopt(args, api, terminal);
  } catch (error) {
    terminal.err(`proxies-sx adopt: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? 2 : 3;
  } finally {
    api?.close();
  }
}

async function adopt(args: Arguments, api: Api, terminal: Terminal): Promise<number> {
  const live = (await api.ports.list()).filter(({ status }) => !isGone(status));
  const states = await readAll([
    ...args.stacks.map((name) => stackSource(name, args.cwd, terminal.env)),
    ...args.files.map((name) => fileSource(name, terminal)),
  ]);
  const wanted = args.ids.length > 0 ? args.ids.map((id) => named(id, live)) : live;
  const free = wanted.filter(({ id }) => !states.some(({ held }) => held.has(id)));
  const taken = new Set(states.flatMap(({ names }) => [...names]));
  const now = api.serverNow() ?? Date.now();
  const adoptions = await adoptCode(free, taken, new Reference(api), now);
  if (adoptions.length === 0) {
    terminal.err(live.length === 0 ? "The account has no live port." : "Every live port is managed already.");
    return 1;
  }
  print(adoptions, args, terminal);
  return 0;
}

function named(id: string, live: Port[]): Port {
  const port = live.find((one) => one.id === id);
  if (!port) throw new StateError(`the account has no live port ${id}`);
  return port;
}

function print(adoptions: Adoption[], { language, output }: Arguments, { out, err }: Terminal): void {
  const program = [`${IMPORTS[language]}\n${ABOUT}`, ...adoptions.map(({ code }) => code)].join("\n");
  if (output === undefined) out(program);
  else writeNew(output, `${program}\n`);
  err(
    `${adoptions.length} ${adoptions.length === 1 ? "port" : "ports"}. Look through the program, then run \`pulumi preview\`: ` +
      "it shows each as one to create, and `pulumi up` takes it over without buying.",
  );
}

/** A program that is there already is the user's work. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--output ${file}: ${code === "EEXIST" ? "it exists already" : `it cannot be written (${code})`}`,
    );
  }
}

interface Arguments {
  ids: string[];
  language: string;
  output?: string;
  stacks: string[];
  files: string[];
  cwd: string;
  apiUrl?: string;
}

function readArguments(argv: string[]): Arguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const language = values.language ?? "typescript";
  if (!Object.hasOwn(IMPORTS, language)) {
    throw new UsageError(`--language takes one of: ${Object.keys(IMPORTS).join(", ")}`);
  }
  const bad = positionals.some((id) => !/^[0-9a-f]{24}$/i.test(id));
  if (bad) throw new UsageError("an id of a port is 24 hexadecimal digits");
  return {
    ids: [...new Set(positionals)],
    language,
    output: values.output,
    stacks: values.stack ?? [],
    files: values.state ?? [],
    cwd: values.cwd ?? ".",
    apiUrl: values["api-url"],
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        language: { type: "string" },
        output: { type: "string" },
        stack: { type: "string", multiple: true },
        state: { type: "string", multiple: true },
        cwd: { type: "string" },
        "api-url": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw usageError(error);
  }
}
