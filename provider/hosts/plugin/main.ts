import "./footprint";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { stackOf } from "../../../domain/hidden-inputs";
import { urnUnder } from "../../../domain/urn";
import { isBuying } from "../../billing/buy-once";
import { endWithEngine, isEngineThere } from "../engine-alive";
import { informOnResource, progressOnResource, speakBy, warnOnResource } from "../engine-log";
import { OF_ENGINE } from "../holder";
import { RunEnd } from "../run-end";
import { SessionHolder } from "../session-holder";
import { WalletHolder } from "../wallet-holder";
import { Calls } from "./calls";
import { Fleets } from "./fleets";
import { Lookups } from "./lookups";
import { MOST_BYTES } from "./monitor";
import { resourcesOf } from "./resources";
import { serviceOf } from "./service";
import { tellPort } from "./tell-port";

/** The bundle's, by its build. */
declare const PLUGIN_VERSION: string | undefined;

/** The plugin: serves the engine that started it on a port of its own, which it prints on standard output. */
speakBy({ credentials: grpc.credentials, EngineClient, LogRequest });
const calls = new Calls();
/** Handlers name a resource as the dynamic host does. */
const onItsRow =
  (say: typeof warnOnResource): typeof warnOnResource =>
  (text, urn) =>
    say(text, urn && urnUnder("plugin", urn));
const isHeard = async (): Promise<boolean> => calls.isHeard() && (await isEngineThere());
const surroundings = {
  ...OF_ENGINE,
  notice: onItsRow(warnOnResource),
  info: onItsRow(informOnResource),
  progress: onItsRow(progressOnResource),
  sleep: (ms: number) => calls.sleep(ms),
  shared: <T>(work: () => Promise<T>) => calls.shared(work),
  owed: <T>(work: () => Promise<T>) => calls.owed(work),
  isOwed: () => calls.isOwed(),
  client: { signal: calls.interrupted },
  isHeard,
  isWanted: async () => calls.isWanted() && (await isEngineThere()),
};
const account = new SessionHolder(surroundings);
const wallets = new WalletHolder(surroundings);
const fleets = new Fleets(account);
const runEnd = new RunEnd(
  () => account.purchases,
  () => account.balance,
  () => calls.isHeard(),
);
endWithEngine(() => (account.purchases?.isQuiet() ?? true) && !isBuying() && wallets.isQuiet());
runEnd.listen();

const server = new grpc.Server({
  // Statistics of each call, which nobody asks for. cspell:words channelz
  "grpc.enable_channelz": 0,
  "grpc.max_receive_message_length": MOST_BYTES,
  "grpc.max_send_message_length": MOST_BYTES,
});
server.addService(
  ResourceProviderService,
  serviceOf({
    version: typeof PLUGIN_VERSION === "string" ? PLUGIN_VERSION : "0.0.0",
    resources: resourcesOf(account, wallets, runEnd),
    lookups: new Lookups(account, wallets),
    fleets,
    calls,
    begin: (urn) => account.begin(stackOf({ urn })),
    configure: (config, provider) => {
      account.configure(config);
      wallets.configure(config);
      fleets.provider = provider;
    },
    schema: () => JSON.stringify(require("./schema.json")),
  }),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  tellPort(port);
});
