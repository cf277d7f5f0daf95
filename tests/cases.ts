const isQuick = process.env.TESTS === "quick";

/** How many of what a test tries by the hundreds: all of them, or a sixth in `npm run test:unit`, which is to be quick. */
export const runsOf = (all: number): number => (isQuick ? Math.ceil(all / 6) : all);

/** The numbers of such cases, from 0 on: all of them, or each sixth. */
export const casesOf = (all: number): number[] =>
  Array.from({ length: runsOf(all) }, (_, at) => (isQuick ? 6 * at : at));
