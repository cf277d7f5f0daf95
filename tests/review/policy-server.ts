import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

const ROOT = join(__dirname, "../..");

/** A resource as the engine passes it to a policy pack. */
export interface Told {
  urn: string;
  type: string;
  properties: Record<string, unknown>;
  protect?: boolean;
  /** URN of a provider resource. */
  provider?: string;
  propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** What a pack said of a resource, or of the stack. */
export interface Violation {
  policy: string;
  level: "advisory" | "mandatory" | "other";
  urn: string;
  message: string;
}

/** A policy pack in the process in which Pulumi runs it, asked as the engine asks. */
export class PolicyServer {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /** @param pack a folder, or the text of an index.js */
  static async start(
    pack: { folder: string } | { program: string },
    env: Record<string, string> = {},
  ): Promise<PolicyServer> {
    const folder = mkdtempSync(join(tmpdir(), "proxies-sx-policy-"));
    if ("folder" in pack) {
      cpSync(pack.folder, folder, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
    } else {
      writeFileSync(join(folder, "package.json"), '{ "version": "1.0.0", "main": "index.js" }');
      writeFileSync(join(folder, "index.js"), pack.program);
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const argv = ["--require", join(__dirname, "../engine/quick-start.js"), runner, "127.0.0.1:1", "."];
    const child = spawn(process.execPath, argv, {
      cwd: folder,
      env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: String("folder" in pack), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const port = await firstLine(child);
      const options = { "grpc.max_receive_message_length": 64 << 20 };
      return new PolicyServer(
        folder,
        child,
        new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), options),
      );
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  async policies(): Promise<{ name: string; description: string }[]> {
    const info = await called<proto.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done));
    return info.getPoliciesList().map((policy) => ({ name: policy.getName(), description: policy.getDescription() }));
  }

  /** What the engine asks before each resource is made. */
  async analyze({ urn, type, properties, protect = false }: Told): Promise<Violation[]> {
    const request = new proto.AnalyzeRequest();
    request.setUrn(urn);
    request.setType(type);
    request.setName(urn.slice(urn.lastIndexOf("::") + 2));
    request.setProperties(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
    request.setOptions(optionsWith(protect));
    return violations(await called<proto.AnalyzeResponse>((done) => this.client.analyze(request, done)));
  }

  /** What the engine asks at the end of a preview or an update. */
  async analyzeStack(resources: readonly Told[]): Promise<Violation[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(resources.map(asResource));
    return violations(await called<proto.AnalyzeResponse>((done) => this.client.analyzeStack(request, done)));
  }

  close(): void {
    this.client.close();
    this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }
}

function asResource({
  urn,
  type,
  properties,
  provider,
  protect = false,
  propertyDependencies = {},
}: Told): proto.AnalyzerResource {
  const resource = new proto.AnalyzerResource();
  resource.setUrn(urn);
  resource.setType(type);
  resource.setName(urn.slice(urn.lastIndexOf("::") + 2));
  resource.setProperties(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
  resource.setOptions(optionsWith(protect));
  if (provider !== undefined) resource.setProvider(providerOf(provider));
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    resource.getPropertydependenciesMap().set(property, dependencies);
  }
  return resource;
}

function providerOf(urn: string): proto.AnalyzerProviderResource {
  const provider = new proto.AnalyzerProviderResource();
  provider.setUrn(urn);
  provider.setName(urn.slice(urn.lastIndexOf("::") + 2));
  provider.setType("pulumi:providers:pulumi-nodejs");
  provider.setProperties(Struct.fromJavaScript({}));
  return provider;
}

function optionsWith(protect: boolean): proto.AnalyzerResourceOptions {
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(protect);
  return options;
}

const LEVELS: Record<number, Violation["level"]> = { 0: "advisory", 1: "mandatory" };

function violations(response: proto.AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    level: LEVELS[one.getEnforcementlevel()] ?? "other",
    urn: one.getUrn(),
    message: one.getMessage(),
  }));
}

function called<T>(call: (done: (error: ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => call((error, answer) => (error ? reject(error) : resolve(answer))));
}

/** The port, which a pack prints first. */
function firstLine({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [said, complaints] = ["", ""];
    stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")));
    });
    stdout?.once("close", () => reject(new Error(`the policy pack ended: ${complaints}`)));
  });
}
