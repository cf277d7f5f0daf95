const isQuick = process.env.TESTS === "quick";
const PART = 6;

/** How many of what a test tries by the hundreds: all of them, or a sixth in `npm run test:unit`, which is to be quick. */
export const runsOf = (all: number): number => (isQuick ? Math.ceil(all / PART) : all);

/** Of a list of such cases all, or each sixth. */
export const someOf = <T>(all: readonly T[]): T[] => all.filter((_, at) => !isQuick || at % PART === 0);

/** The numbers of such cases, from 0 on: all of them, or each sixth. */
export const casesOf = (all: number): number[] => someOf(Array.from({ length: all }, (_, at) => at));
