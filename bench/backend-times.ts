import { JOBS } from "./case";
import { table } from "./markdown";
import { type Result } from "./report";

/** Seconds of each job of this provider, by where the state is kept and by the number of ports. Empty without any. */
export function backendTimes(all: Result[]): string {
  const results = all.filter(({ case: which }) => which.backend !== undefined);
  if (results.length === 0) return "";
  const present = JOBS.filter((job) => results.some(({ contenders }) => contenders.ours?.[job]));
  const rows = results.map(({ case: which, contenders: { ours } }) => [
    String(which.ports),
    which.backend ?? "",
    ...present.map((job) => {
      const figures = ours?.[job];
      return figures ? `${figures.seconds.toFixed(2)}${figures.failed ? " (failed)" : ""}` : "–";
    }),
  ]);
  return ["### Where the state is kept, seconds", table(["ports", "state in", ...present], rows)].join("\n\n");
}
