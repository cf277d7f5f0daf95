import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Around } from "../../mcp/around";
import { Calls } from "../../mcp/call";
import { tool } from "../../mcp/tool";
import { Redactor } from "../../text";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const server = (): Calls =>
  new Calls({
    limits: { allow: new Set(["purchases"]), maxSpend: 10, showSecrets: false },
    redactor: new Redactor([]),
    stacks: { names: [] },
    note: () => undefined,
    folder,
  } as unknown as Around);

/** Until now the audit's writes were of this process. */
function killServers(): void {
  const file = join(folder, "agents", "audit.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/"run":"[^"]+"/g, '"run":"another"'));
}

it("what is bought for a client that has gone is reported to the next one, and what waits behind it is not begun", async () => {
  const bought: number[] = [];
  let deliver = (): void => undefined;
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const buy = tool({
    name: "buy",
    does: "",
    group: "purchases",
    input: { amount: z.number() },
    cost: async () => 1,
    run: async ({ amount }) => {
      begin();
      await delivered;
      bought.push(amount);
      return { said: `Bought ${amount}.`, data: {}, cost: 1 };
    },
  });
  const first = server();
  const [, waiting] = [first.answer(buy, { amount: 3 }), first.answer(buy, { amount: 4 })];
  await begun;
  const closed = first.close();
  deliver();
  await closed;
  expect(await waiting).toMatchObject({ isError: true, text: "nothing was done: this server is about to end." });
  killServers();
  const next = server();
  expect((await next.answer(buy, { amount: 3 })).text).toMatch(/^Nothing was bought now\. .*: Bought 3\. Call again/);
  expect(bought).toEqual([3]);
  await next.answer(buy, { amount: 3 });
  await next.close();
  killServers();
  await server().answer(buy, { amount: 3 });
  expect(bought).toEqual([3, 3, 3]);
});
