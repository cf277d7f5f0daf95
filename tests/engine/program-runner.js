/**
 * Runs programs of Node for the engine, one after the other, as Pulumi's Automation API runs inline ones: the SDK and
 * our package are loaded once. See programs.ts. The parent says in which folder and environment; the answer is the port
 * that `pulumi up --client` is given.
 */
const { createRequire } = require("node:module");
const { join } = require("node:path");

const ofSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = ofSdk("@grpc/grpc-js");
const { LanguageServer } = ofSdk("./automation/server.js");
const { LanguageRuntimeService } = ofSdk("./proto/language_grpc_pb.js");

/** As the engine sets it: properties of large stacks are more than gRPC's 4 MiB. */
const MOST = 400 << 20;

/** Knows whether the engine still waits for a program. */
class Programs extends LanguageServer {
  isBusy = false;
  run(call, answer) {
    this.isBusy = true;
    return super.run(call, (...given) => {
      this.isBusy = false;
      answer(...given);
    });
  }
}

let server;
let programs;

process.on("message", (given) => {
  if (given) serve(given);
  else free();
});
process.on("disconnect", () => process.exit());

function serve({ folder, env }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  server = new grpc.Server({ "grpc.max_receive_message_length": MOST, "grpc.max_send_message_length": MOST });
  programs = new Programs(() => programIn(folder));
  server.addService(LanguageRuntimeService, programs);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => process.send({ port }));
}

/** The program's outputs. What it has loaded of its own is loaded anew each time. */
async function programIn(folder) {
  const own = join(folder, "/");
  for (const file of Object.keys(require.cache)) if (file.startsWith(own)) delete require.cache[file];
  const made = createRequire(own)("./");
  return typeof made === "function" ? made() : made;
}

/** The CLI has ended. One that was killed leaves its program at work: that ends with this process. */
function free() {
  if (programs.isBusy) process.exit();
  server.forceShutdown();
  process.send({ isFree: true });
}
