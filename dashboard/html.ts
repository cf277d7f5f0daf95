import { createHash } from "node:crypto";
import { asJson } from "../text";
import { type Assets, pageAssets } from "./assets";
import { type FleetSnapshot } from "./fleet";

/** One file that needs no other and calls nobody. @throws AssetsMissing */
export function reportHtml(fleet: FleetSnapshot): string {
  const assets = pageAssets();
  const data = `<script type="application/json" id="fleet">${asScriptData(fleet)}</script>`;
  return document(assets, policy(assets), `<main id="page"></main>\n${data}`);
}

/** The same view, which asks the server that it came from for its data. @throws AssetsMissing */
export function livePage(dataPath: string): { html: string; policy: string } {
  const assets = pageAssets();
  const rules = `${policy(assets)}; connect-src 'self'`;
  const html = document(assets, rules, `<main id="page" data-fleet="${dataPath}"></main>`);
  return { html, policy: `${rules}; frame-ancestors 'none'` };
}

/** Only the script and the style that are in the page, and no connection. */
function policy({ script, style }: Assets): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** JSON that cannot end the script element that holds it. */
const asScriptData = (value: unknown): string =>
  asJson(value, 0).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

const document = ({ script, style }: Assets, rules: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Fleet of proxies</title>
<style>${style}</style>
</head>
<body>
<noscript>This page draws its figures with a script, which this browser does not run.</noscript>
${main}
<script>${script}</script>
</body>
</html>
`;
