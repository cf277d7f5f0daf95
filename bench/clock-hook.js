/** Loaded into every Node process of a run: its clock is as many ms ahead of the machine's as CLOCK_AHEAD_MS says. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const now = () => Real.now() + ahead;
const Real = globalThis.Date;
globalThis.Date = new Proxy(Real, {
  apply: () => new Real(now()).toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
