import { type Context } from "hono";
import { badRequest, Problem } from "../rules/problem";
import { type Env } from "./env";

const MOST_BYTES = 1_000_000;
/** Levels of arrays and objects. No call has more than three. */
const MOST_LEVELS = 32;

/**
 * The body as JSON, read up to its bound however it is sent. An empty body is none, whatever its Content-Type: the
 * vendor's client announces JSON on every call (M).
 */
export async function readJson(context: Context<Env>): Promise<unknown> {
  if (context.req.method === "GET") return undefined;
  const text = await readText(context);
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest("Request body is not valid JSON");
  }
  if (isDeeper(value, MOST_LEVELS)) throw badRequest(`Request body has more than ${MOST_LEVELS} levels`);
  return value;
}

async function readText(context: Context<Env>): Promise<string> {
  const tooLarge = new Problem(413, "request entity too large");
  const announced = context.req.header("content-length");
  if (Number(announced ?? 0) > MOST_BYTES) throw tooLarge;
  if (context.env?.incoming && announced !== undefined) return context.req.text(); // Node holds a caller to it
  const body: ReadableStream<Uint8Array> | null = context.req.raw.body;
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Level by level, so that no depth can exhaust the stack. */
function isDeeper(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    level = level.flatMap((each) =>
      each !== null && typeof each === "object" ? (Object.values(each) as unknown[]) : [],
    );
    if (depth >= most) return level.length > 0;
  }
  return false;
}
