import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Terminal } from "../../cli/terminal/terminal";
import { type Emulator, startEmulator } from "../../emulator";
import { exported } from "./exported";
import { type Heard, hearing, withoutSource } from "./terminal";

export interface Given {
  /** Width of the terminal that standard output is. Missing: it is a pipe. */
  columns?: number;
  /** What somebody at the terminal answers. Missing: nobody is there. */
  answer?: string | (() => string);
  /** Standard input. */
  input?: string;
  key?: string;
}

interface Told {
  code: number;
  out: string;
  /** Without the line on where key and URL come from. */
  err: string;
  questions: string[];
}

/** For the tests of one file: each has a new emulator and a folder of its own. */
export class Bench {
  folder = "";
  private started?: Emulator;

  constructor() {
    beforeAll(async () => {
      this.started = await startEmulator();
    });
    afterAll(() => this.started?.close());
    beforeEach(() => {
      this.emulator.control.reset();
      this.folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
    });
    afterEach(() => rmSync(this.folder, { recursive: true }));
  }

  get emulator(): Emulator {
    if (!this.started) throw new Error("the emulator is not started yet");
    return this.started;
  }

  get control(): Emulator["control"] {
    return this.emulator.control;
  }

  /** Runs a command. Its output must hold no key and no password. */
  async run(command: (terminal: Terminal) => Promise<number>, given: Given = {}): Promise<Told> {
    const { columns, key = this.emulator.apiKey, ...more } = given;
    const env = { PROXIES_API_KEY: key, PROXIES_API_URL: this.emulator.url, PROXIES_SX_JOURNAL_DIR: this.folder };
    const terminal: Heard = hearing(env, {
      ...more,
      ...(columns !== undefined && { screen: () => ({ rows: 40, columns }) }),
    });
    const code = await command(terminal);
    const { said, questions } = terminal;
    const secrets = this.control.ports().flatMap((port) => [port.proxyPassword, port.rotationToken]);
    for (const secret of [key, ...secrets].filter((one) => one !== ""))
      expect(said.out + said.err + questions.join()).not.toContain(secret);
    return { code, out: said.out, err: withoutSource(said.err), questions };
  }

  /** A state of Pulumi in a file. */
  save(name: string, ...resources: Parameters<typeof exported>[0]): string {
    const file = join(this.folder, name);
    writeFileSync(file, exported(resources));
    return file;
  }

  /** Calls that change something, "POST /v1/ports/…/rotate". */
  writes(): string[] {
    return this.control
      .requests()
      .map(({ method, path }) => `${method} ${path}`)
      .filter((call) => !call.startsWith("GET "));
  }
}

export const json = <T>(out: string): T => JSON.parse(out) as T;
export const lines = (text: string): string[] => text.trimEnd().split("\n");
export const last = (text: string): string => lines(text).at(-1) ?? "";
