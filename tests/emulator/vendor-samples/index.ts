import { ACCOUNT } from "./account";
import { PORTS } from "./ports";
import { REFERENCE } from "./reference";
import { ROTATION } from "./rotation";
import { type Sample } from "./sample";
import { X402 } from "./x402";

/** All samples of the vendor's page, and its endpoints that have none. */
export const SAMPLES: readonly Sample[] = [...REFERENCE, ...PORTS, ...ROTATION, ...ACCOUNT, ...X402];
