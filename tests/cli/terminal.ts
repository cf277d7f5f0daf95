import { type Terminal } from "../../cli/terminal";

/** A terminal that keeps what was said; with `answer`, somebody sits at it. */
export interface Heard extends Terminal {
  said: { out: string; err: string };
  questions: string[];
}

export function hearing(
  env: NodeJS.ProcessEnv,
  given: { input?: string; answer?: string | (() => string) } = {},
): Heard {
  const said = { out: "", err: "" };
  const questions: string[] = [];
  const { input = "", answer } = given;
  return {
    env,
    said,
    questions,
    out: (text) => (said.out += `${text}\n`),
    err: (text) => (said.err += `${text}\n`),
    input: async () => input,
    ...(answer !== undefined && {
      ask: async (question: string) => {
        questions.push(question);
        return typeof answer === "string" ? answer : answer();
      },
    }),
  };
}
