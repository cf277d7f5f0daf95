import { createHash } from "node:crypto";
import { type FleetSnapshot } from "../../dashboard/fleet";
import { livePage, reportHtml } from "../../dashboard/html";

const fleet: FleetSnapshot = {
  takenAt: 0,
  source: "</script><!--<script>&\u2028",
  ports: { leftOut: "no" },
  account: { leftOut: "no" },
  usage: { leftOut: "no" },
  rotations: { leftOut: "no" },
};

const parts = (html: string) => ({
  data: /<script type="application\/json" id="fleet">([^]*?)<\/script>/.exec(html)?.[1] ?? "",
  script: /<script>([^]*?)<\/script>/.exec(html)?.[1] ?? "",
  style: /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? "",
  policy: /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "",
});
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

it("data cannot leave its place, and is read back as it was", () => {
  const { data } = parts(reportHtml(fleet));
  expect(data).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(data)).toEqual(fleet);
});

it("the policy lets just the page's own script and style be, and no connection", () => {
  const { script, style, policy } = parts(reportHtml(fleet));
  expect(script.length).toBeGreaterThan(100_000);
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

it("a live page may ask where it came from, and holds no data", () => {
  const { html, policy } = livePage("/data");
  expect(policy).toContain("connect-src 'self'; frame-ancestors 'none'");
  expect([parts(html).data, html]).toEqual(["", expect.stringContaining('data-fleet="/data"')]);
});

it("names no other host", () => {
  expect(reportHtml(fleet).match(/https?:\/\/[\w.-]+/g)).toBeNull();
});

it("keeps the licences of what is in it", () => {
  expect(reportHtml(fleet)).toMatch(/chart\.js: The MIT License[^]*@kurkle\/color: The MIT License/);
});
