/** How many tries may be in flight: additive increase, multiplicative decrease, as TCP does it. */
export interface Window {
  readonly limit: number;
  readonly max: number;
  readonly changedAt: number;
}

/** One step a second: an answer within milliseconds must not win back in no time what a refusal took. */
const STEP_MS = 1000;

export function openWindow(max: number, now: number): Window {
  const whole = Math.max(1, Math.floor(max));
  return { limit: whole, max: whole, changedAt: now };
}

/** After a refusal: half, at least one, so that there is always progress. */
export function lowered(window: Window, now: number): Window {
  return { ...window, limit: Math.max(1, Math.floor(window.limit / 2)), changedAt: now };
}

/** After a success: one more. */
export function raised(window: Window, now: number): Window {
  if (window.limit >= window.max || now - window.changedAt < STEP_MS) return window;
  return { ...window, limit: window.limit + 1, changedAt: now };
}
