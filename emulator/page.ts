import { type Context } from "hono";
import { AssetsMissing } from "../dashboard/assets";
import { livePage } from "../dashboard/html";
import { type Env } from "./pipeline/env";

/** The page at "/": what is in the world, live. It holds no data; that comes from the control plane, without secrets. */
export function page(context: Context<Env>): Response {
  context.header("Cache-Control", "no-store");
  context.header("Referrer-Policy", "no-referrer");
  context.header("X-Content-Type-Options", "nosniff");
  try {
    const { html, policy } = livePage("/_emulator/fleet");
    context.header("Content-Security-Policy", policy);
    return context.html<string>(html);
  } catch (error) {
    if (!(error instanceof AssetsMissing)) throw error;
    return context.text(`The emulator runs, without its page: ${error.message}.\n`, 404);
  }
}
