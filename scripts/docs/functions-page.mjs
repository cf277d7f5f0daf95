import { block, page } from "./markdown.mjs";
import { functionSection, typeSection } from "./resource-page.mjs";

/** Headings by the file that functions stand in; another file has its own name. */
const TITLES = {
  "sdk/lookups/reference.ts": "Places, stock and prices",
  "sdk/lookups/billing.ts": "Traffic prices",
  "sdk/lookups/port.ts": "Ports",
  "sdk/lookups/port-checks.ts": "Checks of a port",
  "sdk/lookups/rotation.ts": "Rotation",
  "sdk/lookups/account.ts": "The account",
  "sdk/lookups/tickets.ts": "Support",
  "sdk/lookups/x402-offer.ts": "What a wallet can rent",
  "sdk/lookups/x402-sessions.ts": "What a wallet has rented",
  "sdk/connection-urls.ts": "Connection strings",
};

const INTRO = `Functions ask the vendor in each preview and each update. Decisions based on live data can change between runs: [mostStock and cheapest](country-choice.md) choose once and keep the choice in the state.

- Each has two forms. \`getPort\` gives a promise. \`getPortOutput\` gives an Output, takes Outputs as arguments, and a Port as \`port\`. It is unknown in a preview as long as an argument is.
- The answer of an Output form is secret where it holds secrets. What a promise form gives is plain: do not log it.
- \`options\`: \`provider\`, the [Account](account.md) to ask, or \`parent\`, a resource whose account is asked. Default: the account of the stack's configuration.
- What the vendor does not report is \`undefined\`.
- Functions with X402 in their names need no key and send none.
- Programs in YAML, Python and Go have all functions that ask the vendor, by the [plugin](../languages.md#functions). The same program in these languages is folded below each example.

The examples have the Output form, which works in every program. The promise form is for a program that decides by the answer, in an async function or at the top of an ES module:`;

const DECISION = `import * as proxies from "pulumi-proxies-sx";

const countries = await proxies.getCountries({ slotType: "private" });
const inStock = countries.filter(({ freeDeviceCount = 0 }) => freeDeviceCount >= 10).map(({ code }) => code);`;

/** One page for all functions, with the types of their answers. */
export function functionsPage(functions, types, linkTo) {
  const files = [...new Set([...Object.keys(TITLES), ...functions.map(({ file }) => file)])];
  return page(
    "<!-- Written by `npm run docs:pages` from sdk/lookups and provider/lookups: change those. -->",
    "# Functions",
    INTRO,
    block("ts", DECISION),
    files.flatMap((file) => {
      const own = functions.filter((one) => one.file === file);
      return own.length === 0 ? [] : [`## ${titleOf(file)}`, ...own.flatMap((one) => functionSection(one, linkTo))];
    }),
    "## Answers",
    types.flatMap((type) => typeSection(type, linkTo)),
  );
}

const titleOf = (file) =>
  TITLES[file] ??
  file
    .replace(/^.*\/|\.ts$/g, "")
    .replaceAll("-", " ")
    .replace(/^./, (first) => first.toUpperCase());
