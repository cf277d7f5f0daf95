import { z } from "zod";
import { type Around } from "./around";

/** What a server has to be allowed to before it does more than read. */
export const GROUPS = ["ports", "rotation", "credentials", "purchases", "payments", "tickets", "wallet"] as const;
export type Group = (typeof GROUPS)[number];

/** What a tool returns. It leaves by answer.ts, which cuts secrets out. */
export interface Told {
  /** For a person or a model: what was found or done, in a sentence or two. */
  said: string;
  /** For a program. Times are epoch ms here, and ISO 8601 in the answer. */
  data: Record<string, unknown>;
  /** What of it is shown with --show-secrets only. */
  secrets?: readonly (string | undefined)[];
  /** Of a write: nothing was changed after all. */
  isUndone?: true;
  /** Of a write: an earlier call that broke off had done this already, and nothing was done now. */
  isTakenUp?: true;
  /** What it cost, US dollars, where the vendor's answer has it. */
  cost?: number;
  /** The port that it made. */
  port?: string;
  /** Which purchase of its order it is. */
  serial?: number;
  /** To be called once what was bought is written down. */
  settle?: () => void;
}

/** What is known of a write when it is carried out. */
export interface Write {
  /** What was reserved for it, US dollars. */
  reserved: number;
  /** Counts the purchases of one order, for what distinguishes them by a number. */
  serial: number;
  /** This one was carried out, and perhaps not reported: report it again. */
  isAgain?: true;
}

interface ToolOf<Shape extends z.ZodRawShape> {
  name: string;
  /** What it does, for the model that chooses tools. */
  does: string;
  group: Group | "read";
  input: Shape;
  /** Of a write: it takes something away that cannot be restored. */
  isDestructive?: true;
  /** Of a write: doing it twice is the same as doing it once. */
  isRepeatable?: true;
  /** Arguments that no file keeps. */
  secretArguments?: readonly (keyof Shape & string)[];
  /** The port that it changes: refused where a stack declares it. */
  changes?: (args: z.output<z.ZodObject<Shape>>) => string;
  /** What it will cost, US dollars. */
  cost?: (args: z.output<z.ZodObject<Shape>>, around: Around) => Promise<number>;
  makesPort?: true;
  /** The same call returns what it bought again, for nothing. */
  isClaimed?: true;
  run: (args: z.output<z.ZodObject<Shape>>, around: Around, write: Write) => Promise<Told>;
}

/** A tool, whatever its arguments. */
export interface Tool extends Omit<ToolOf<z.ZodRawShape>, "input" | "secretArguments" | "changes" | "cost" | "run"> {
  input: z.ZodObject;
  secretArguments?: readonly string[];
  changes?: (args: object) => string;
  cost?: (args: object, around: Around) => Promise<number>;
  run: (args: object, around: Around, write: Write) => Promise<Told>;
}

/** Unknown arguments are refused: one that is misspelt would change what is bought. */
export const tool = <Shape extends z.ZodRawShape>(one: ToolOf<Shape>): Tool =>
  ({ ...one, input: z.strictObject(one.input) }) as unknown as Tool;

/** A refusal or a failure that the agent sees as it is: one line. */
export class ToolError extends Error {}

export const BUSY = "nothing was bought: another server is buying the same now. Call again in a moment.";
