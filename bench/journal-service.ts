import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** As much of Pulumi Cloud as one `up` of an empty stack needs, with its journal: entries are counted, not kept. */
export interface JournalService {
  url: string;
  /** Bytes of journal that it was sent, as they came over the wire. */
  bytes(): number;
  close(): Promise<void>;
}

const USER = "bench";
const LEASE_SECONDS = 3_600;

/** @param latencyMs of each of its answers. */
export async function startJournalService(latencyMs: number): Promise<JournalService> {
  let bytes = 0;
  const server = createServer((request, response) => {
    let size = 0;
    request.on("data", (chunk: Buffer) => (size += chunk.length));
    request.on("end", () => {
      if (request.url?.endsWith("/journalentries")) bytes += size;
      setTimeout(() => answer(request, response), latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(bodyOf(`${method} ${url.replace(/\?.*/, "")}`)));
}

function bodyOf(call: string): object {
  const lease = { token: "lease", tokenExpiration: Math.floor(Date.now() / 1_000) + LEASE_SECONDS };
  if (call === "GET /api/user") return { githubLogin: USER, name: USER, organizations: [{ githubLogin: USER }] };
  if (call === "GET /api/capabilities") return { capabilities: [] };
  if (/^GET .*\/export$/.test(call)) return { version: 3, deployment: { manifest: {}, resources: [] } };
  if (/^GET \/api\/stacks\/\w+\/\w+\/\w+$/.test(call))
    return { id: "1", orgName: USER, projectName: "test", stackName: "dev", tags: {}, version: 0 };
  if (/^POST .*\/update$/.test(call)) return { updateID: "1" };
  if (/^POST .*\/update\/1$/.test(call)) return { version: 1, journalVersion: 1, ...lease };
  if (/^POST .*\/renew_lease$/.test(call)) return lease;
  return {};
}
