/** Loaded into every Node process of a run: writes CPU profiles of the program and the provider, piece by piece. */
const { writeFileSync } = require("node:fs");
const { Session } = require("node:inspector");
const { join } = require("node:path");

const EVERY_MS = 1_500; // the engine kills a provider: what is not written by then is lost
const program = process.argv[1] ?? "";
const role = /dynamic-provider/.test(program) ? "provider" : /cmd.run/.test(program) ? "program" : undefined;
if (role) {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 500 });
  session.post("Profiler.start");
  let written = 0;
  const save = () => {
    session.post("Profiler.stop", (error, answer) => {
      if (error) return;
      const file = `${role}-${process.pid}-${written++}.cpuprofile`;
      writeFileSync(join(process.env.BENCH_PROFILES, file), JSON.stringify(answer.profile));
    });
    session.post("Profiler.start");
  };
  setInterval(save, EVERY_MS).unref();
  process.on("exit", save);
}
