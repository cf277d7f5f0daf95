import { type Device, type Terminal, terminalOn } from "../../cli/terminal/terminal";

/** A terminal that keeps what was said; with `answer`, somebody sits at it. */
export interface Heard extends Terminal {
  said: { out: string; err: string };
  questions: string[];
}

/** What was said without the line on where key and URL come from, which every command says that asks. */
export const withoutSource = (err: string): string =>
  err.replace(/^asking \S+ \(from PROXIES_API_URL\) with the key from PROXIES_API_KEY\n/, "");

interface Given extends Pick<Device, "screen"> {
  input?: string;
  answer?: string | (() => string);
  /** Called with each text on standard output. */
  onOut?: (text: string) => void;
}

export function hearing(env: NodeJS.ProcessEnv, given: Given = {}): Heard {
  const said = { out: "", err: "" };
  const questions: string[] = [];
  const { input = "", answer, screen, onOut } = given;
  const terminal = terminalOn({
    env,
    out: (text) => {
      said.out += `${text}\n`;
      onOut?.(text);
    },
    err: (text) => (said.err += `${text}\n`),
    input: async () => input,
    ...(answer !== undefined && {
      ask: async (question: string) => {
        questions.push(question);
        return typeof answer === "string" ? answer : answer();
      },
    }),
    ...(screen && { screen }),
  });
  return { ...terminal, said, questions };
}
