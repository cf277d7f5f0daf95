import { type Contender, PARALLEL } from "./case";

export const LABELS: Record<Contender, string> = {
  ours: "this provider",
  random: "random (Go, calls nothing)",
  naive: "naive provider",
  script: `curl, ${PARALLEL} at a time`,
  "one by one": "curl, one by one",
};
