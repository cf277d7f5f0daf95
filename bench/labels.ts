import { type Contender, PARALLEL } from "./case";

export const LABELS: Record<Contender, string> = {
  ours: "this provider",
  plugin: "the same, as a plugin",
  random: "random (Go, calls nothing)",
  naive: "naive provider",
  script: `curl, ${PARALLEL} at a time`,
  "one by one": "curl, one by one",
};
