import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { dataKey } from "./stack-secrets";

let url: Promise<string> | undefined;

/**
 * Gives the CLI the key of a stack's secrets, as a Vault does: where it makes one of a passphrase, as it does for users,
 * that takes it a tenth of each run. One for all tests of a process; it ends with that.
 */
export function keyService(): Promise<string> {
  url ??= new Promise((resolve) => {
    const answer = JSON.stringify({ data: { plaintext: dataKey() } });
    const server = createServer((request, response) => {
      request.resume();
      response.setHeader("Content-Type", "application/json").end(answer);
    });
    server.unref().listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  return url;
}
