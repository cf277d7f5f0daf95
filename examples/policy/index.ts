import { readFileSync } from "node:fs";
import { PolicyPack } from "@pulumi/policy";
import { type Limits, proxiesPolicies } from "pulumi-proxies-sx/policy";

/** The file that `proxies-sx plan --limits` reads as well. */
const limits = JSON.parse(readFileSync(`${__dirname}/limits.json`, "utf8")) as Limits;

new PolicyPack("proxies-sx", { policies: proxiesPolicies(limits) });
