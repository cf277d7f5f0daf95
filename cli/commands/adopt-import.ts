import { asJson } from "../../text";
import { type Adoption } from "./adopt-code";

/** What `pulumi import --file` takes. */
export const importFile = (adoptions: Adoption[]): string =>
  asJson({ resources: adoptions.flatMap(({ imports }) => imports) });

/** What to do with it. */
export const importAdvice = (count: string, file: string): string =>
  `${count}. In a Pulumi project with the plugin and proxies-sx:apiKey, run \`pulumi import --file ${file}\`: it takes them ` +
  "over as they are, and prints code for the program. Logins are outputs of the ports: no password is in that code.";
