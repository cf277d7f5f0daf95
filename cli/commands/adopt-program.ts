import { type Language } from "./adopt-arguments";
import { type Adoption } from "./adopt-code";

export const IMPORTS: Record<Language, string> = {
  typescript: 'import * as proxies from "pulumi-proxies-sx";',
  javascript: 'const proxies = require("pulumi-proxies-sx");',
};

const ABOUT = `
/**
 * Ports that existed before this program. The option \`import\` takes each under management as it is: nothing is bought,
 * and nothing is changed at the vendor. It can go after the first \`pulumi up\`.
 *
 * There are no Credentials here. A Port keeps the login that it has in its own outputs, the password encrypted, so the
 * program needs no secret; declare Credentials only to give a port another login.
 */
`;

/** A whole program of these ports. */
export function adoptProgram(language: Language, adoptions: Adoption[]): string {
  return [`${IMPORTS[language]}\n${ABOUT}`, ...adoptions.map(({ code }) => code)].join("\n");
}
