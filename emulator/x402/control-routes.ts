import { type Context, Hono } from "hono";
import { redactBody } from "../control/redaction";
import { type Env } from "../pipeline/env";
import { readJson } from "../pipeline/read-json";
import { badRequest } from "../rules/problem";
import { validate } from "../world/validate";
import { type X402Control } from "./control";
import { type X402Fault } from "./faults";
import { type Gift, type Move, type NodeEdit, type Reorganisation } from "./control-calls";
import { BLOCKS, MINING, USED } from "./requests";

/** /_emulator/x402/. Addresses and hashes are what a chain shows to all; secrets are those of sessions. */
export function x402ControlRoutes(control: X402Control): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/ledger", (context) => context.json(control.ledgerView()));
  app.get("/receipts", (context) => context.json(control.receipts()));
  app.get("/sessions", (context) => {
    const sessions = control.sessions();
    return context.json(context.req.query("secrets") === "1" ? sessions : sessions.map(withoutToken));
  });
  app.patch("/sessions/:id", async (context) => {
    const { usedGB } = validate<{ usedGB: number }>(USED, await json(context), "a session has no field");
    control.setUsed(context.req.param("id"), usedGB);
    return context.json(done);
  });

  app.post("/faucet", async (context) => context.json(control.faucet(await json<Gift>(context))));
  app.post("/transfer", async (context) => context.json(control.transfer(await json<Move>(context))));
  app.post("/mine", async (context) => {
    const { blocks } = validate<{ blocks?: number }>(BLOCKS, await json(context), "mining has no field");
    return context.json({ head: control.mine(blocks) });
  });
  app.put("/mining", async (context) => {
    const body = await json<object>(context);
    control.setMining(validate<{ mining: "auto" | "manual" }>(MINING, body, "mining has no field").mining);
    return context.json(done);
  });
  app.post("/reorganise", async (context) =>
    context.json({ replaced: control.reorganise(await json<Reorganisation>(context)) }),
  );

  app.get("/node", (context) => context.json(control.node()));
  app.put("/node", async (context) => context.json(control.setNode(await json<NodeEdit>(context))));
  app.get("/faults", (context) => context.json(control.faults()));
  app.post("/faults", async (context) => {
    control.addFaults([await json<X402Fault | X402Fault[]>(context)].flat());
    return context.json(control.faults());
  });
  app.delete("/faults", (context) => {
    control.clearFaults();
    return context.json(done);
  });
  return app;
}

const done = { done: true };

const withoutToken = ({ token, ...session }: { token: string }) => ({
  ...session,
  token: redactBody(token, [], "token"),
});

/** An object, or several; its fields are checked by who takes it. */
async function json<T extends object>(context: Context<Env>): Promise<T> {
  const body = (await readJson(context)) ?? {};
  if (typeof body !== "object") throw badRequest("Request body must be an object");
  return body as T;
}
