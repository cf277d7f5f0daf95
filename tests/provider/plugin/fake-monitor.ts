import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { type Props } from "../../../provider/hosts/hosted";

type Registered = rpc.RegisterResourceRequest.AsObject & { inputs: Props };

/** The service of the engine that components register resources with: records what it is asked, and answers as a test sets it. */
export class FakeMonitor {
  readonly registered: Registered[] = [];
  readonly outputs: Record<string, Props> = {};
  readonly invoked: { token: string; args: Props }[] = [];
  /** What the state of the stack has, by URN. */
  state: Record<string, { type: string; outputs: Props }> = {};
  /** Why the state cannot be read. */
  refusal: string | undefined;
  /** What a provider answers for a resource; undefined where it fails. */
  answer: (name: string, type: string) => { id: string; outputs: Props } | undefined = (name) => ({
    id: name,
    outputs: {},
  });
  private readonly server = new grpc.Server();
  address = "";

  async open(): Promise<this> {
    this.server.addService(ResourceMonitorService, {
      registerResource: unary((request: rpc.RegisterResourceRequest) => this.register(request)),
      registerResourceOutputs: unary((request: rpc.RegisterResourceOutputsRequest) => {
        this.outputs[request.getUrn()] = request.getOutputs()?.toJavaScript() ?? {};
        return new Empty();
      }),
      invoke: (({ request }, done) => {
        this.invoked.push({ token: request.getTok(), args: request.getArgs()?.toJavaScript() as Props });
        if (this.refusal !== undefined) return done({ code: grpc.status.UNKNOWN, details: this.refusal });
        done(null, new InvokeResponse().setReturn(Struct.fromJavaScript({ outputs: this.state as never })));
      }) satisfies grpc.handleUnaryCall<rpc.ResourceInvokeRequest, InvokeResponse>,
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  close(): void {
    this.server.forceShutdown();
  }

  of(name: string): Registered {
    const found = this.registered.find((one) => one.name === name);
    if (!found) throw new Error(`${name} was not registered`);
    return found;
  }

  private register(request: rpc.RegisterResourceRequest): rpc.RegisterResourceResponse {
    const [name, type] = [request.getName(), request.getType()];
    this.registered.push({ ...request.toObject(), inputs: request.getObject()?.toJavaScript() ?? {} });
    const answer = request.getCustom() ? this.answer(name, type) : { id: "", outputs: {} };
    if (!answer) return new rpc.RegisterResourceResponse().setResult(rpc.Result.FAIL);
    const above = request.getParent().split("::")[2];
    const qualified = above === undefined ? type : `${above}$${type}`;
    return new rpc.RegisterResourceResponse()
      .setUrn(`urn:pulumi:dev::test::${qualified}::${name}`)
      .setId(answer.id)
      .setObject(Struct.fromJavaScript(answer.outputs as never));
  }
}

const unary =
  <Request, Response>(answer: (request: Request) => Response): grpc.handleUnaryCall<Request, Response> =>
  ({ request }, done) =>
    done(null, answer(request));
