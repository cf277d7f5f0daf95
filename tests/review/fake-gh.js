#!/usr/bin/env node
/** GitHub's command as far as the workflows use it: comments and issues in the file that GH_STORE names. */
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { execFileSync } = require("node:child_process");

const store = process.env.GH_STORE;
const data = existsSync(store) ? JSON.parse(readFileSync(store, "utf8")) : { comments: [], issues: [], calls: [] };
const argv = process.argv.slice(2);
const option = (name) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);
const body = (text) => (text ?? "").replace(/^body=@(.*)$/, (_, file) => readFileSync(file, "utf8"));

data.calls.push(
  argv.filter((word) => /^(api|issue|list|create|edit|close|PATCH|POST|repos\/.*)$/.test(word)).join(" "),
);
const [command, action] = argv;
if (command === "api") comments();
else if (command === "issue") issues(action, argv[2]);
writeFileSync(store, JSON.stringify(data));

function comments() {
  const method = option("--method") ?? "GET";
  const path = argv.find((word) => word.startsWith("repos/"));
  if (method === "GET") select(data.comments);
  if (method === "POST")
    data.comments.push({ id: data.comments.length + 1, user: { type: "Bot" }, body: body(option("--field")) });
  if (method === "PATCH") data.comments.find(({ id }) => path.endsWith(`/${id}`)).body = body(option("--field"));
}

function issues(what, number) {
  const found = data.issues.find((one) => String(one.number) === number);
  if (what === "list") select(data.issues.filter(({ open }) => open));
  if (what === "create") {
    const text = readFileSync(option("--body-file"), "utf8");
    data.issues.push({ number: data.issues.length + 7, open: true, title: option("--title"), body: text });
  }
  if (what === "edit") found.body = readFileSync(option("--body-file"), "utf8");
  if (what === "close") found.open = false;
}

/** By jq, as gh does it. */
function select(all) {
  process.stdout.write(execFileSync("jq", ["-r", option("--jq")], { input: JSON.stringify(all), encoding: "utf8" }));
}
