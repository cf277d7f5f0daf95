import { type ConfigPatch, type Quirks, type Scope } from "../../../emulator";
import { type World } from "../harness";
import { type Shape } from "./shape";

export interface Asked {
  /** Below /v1. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
}

/**
 * A shape that the vendor's page shows, with a call that has it: the facts of a sample, not its text. Sources are
 * those of `emulator/answers/quirk.ts`.
 */
export interface Sample {
  /** As the page names it. Where it shows no verb, that of the vendor's client. */
  endpoint: string;
  /** Which of several samples. */
  of?: string;
  scope: Scope | "public";
  /** @default 200 */
  status?: number;
  config?: ConfigPatch;
  make: (here: World) => Promise<Asked>;
  /** Missing where the page shows no answer. */
  answer?: Shape;
  /** Paths that the emulator has besides the page's until a quirk says otherwise, by source. */
  besides?: Partial<Record<"M" | "S", string>>;
  /** Paths in which the emulator is never as the page, each with the reason. */
  differs?: Record<string, string>;
}

/** The choices by which the emulator answers as the page does. */
export const AS_THE_PAGE: Partial<Quirks> = {
  pageOnly: true,
  sparseCreate: true,
  noRotationMatchFields: true,
  x402Offer: "page",
  x402Answer: "page",
  x402Price: "hourly",
};

/** A port that was rotated by its link, as those of the samples were. @returns its id */
export async function rotated(here: World): Promise<string> {
  const { _id } = await here.buy({ osFingerprint: "windows:1" });
  await here.call(`GET /rotate/${here.control.port(_id)?.rotationToken}`, { key: null });
  return _id;
}

export const at = (path: string) => async (): Promise<Asked> => ({ path });

export const onPort =
  (below: string, body?: object) =>
  async (here: World): Promise<Asked> => ({ path: `/ports/${await rotated(here)}${below}`, body });

/** Paths below another one. */
export const below = (prefix: string, paths: string): string =>
  paths
    .split(" ")
    .map((path) => prefix + path)
    .join(" ");
