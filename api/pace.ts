/**
 * How fast tries may begin. Concurrency alone does not hold a fast vendor's rate: one call at a time is still hundreds
 * a second. Without a bound until the first refusal; from then on the rate that was accepted, growing steadily.
 */
export interface Pace {
  /** Tries a second at `growsFrom`; undefined is without bound. */
  readonly perSecond?: number;
  /** Whether that rests on nothing, as where the first calls of all were refused. */
  readonly isGuess: boolean;
  readonly growsFrom: number;
  /** What the next estimate rests on: tries accepted since then. */
  readonly accepted: number;
  readonly countedFrom: number;
}

/** Shorter spells say little of a rate: many vendors let a second's worth pass at once. */
const LEAST_SPELL_MS = 1000;
/** Of what was accepted, so that what has piled up can drain. */
const SHARE = 0.9;
/** Floor of the first estimate, which may rest on nothing at all. */
const FIRST = 8;
const SLOWEST = 0.5;
/** Growth with time: a share of the rate each second, gentle on a slow vendor, and a curve that soon leaves a rate too low. */
const STEADY = 0.03;
const CURVE = 0.01;
/** A guess is left behind faster, as in TCP's slow start: the next refusal ends it with a measure. */
const GUESS_DOUBLES_IN = 2;

export const unpaced = (now: number): Pace => ({ growsFrom: now, accepted: 0, countedFrom: now, isGuess: false });

export const withAccepted = (pace: Pace): Pace => ({ ...pace, accepted: pace.accepted + 1 });

export function rateOf(pace: Pace, now: number): number {
  if (pace.perSecond === undefined) return Infinity;
  const seconds = Math.max(0, now - pace.growsFrom) / 1000;
  if (pace.isGuess) return pace.perSecond * 2 ** (seconds / GUESS_DOUBLES_IN);
  return pace.perSecond * (1 + STEADY * seconds) + CURVE * seconds ** 2;
}

/**
 * After a refusal; nothing is sent before `resumesAt`. Where nothing was accepted since the last one, the vendor was
 * still closed to all: that tells nothing of the rate, and the last one stays.
 */
export function slowed(pace: Pace, now: number, resumesAt: number): Pace {
  const next = { ...pace, growsFrom: Math.max(now, resumesAt), accepted: 0, countedFrom: now };
  const measured = (SHARE * pace.accepted * 1000) / Math.max(LEAST_SPELL_MS, now - pace.countedFrom);
  if (pace.perSecond === undefined) return { ...next, perSecond: Math.max(FIRST, measured), isGuess: measured < FIRST };
  if (pace.accepted === 0) return next;
  const estimate = Math.min(measured, SHARE * rateOf(pace, now));
  return { ...next, perSecond: Math.max(SLOWEST, estimate), isGuess: false };
}

/** Milliseconds between the begin of one try and the next, half to one and a half of the mean. */
export function gapMs(pace: Pace, now: number, random: () => number): number {
  return (1000 / rateOf(pace, now)) * (0.5 + random());
}
