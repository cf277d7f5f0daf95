import { type Project } from "../../tests/engine/project";
import { BY_HAND } from "./plan";

/** The program that declares the secrets is the user's own. */
const isOurs = (path: string): boolean => path.endsWith("resources.json");

/** What must stand nowhere: the key, the program's passwords, and what the vendor makes. */
export class Secrets {
  private readonly known: Set<string>;
  private readonly seenArguments: string[] = [];

  constructor(
    private readonly project: Project,
    passwords: string[],
  ) {
    this.known = new Set([project.emulator.apiKey, BY_HAND, ...passwords]);
  }

  add(secret: string): void {
    this.known.add(secret);
  }

  /** Takes the secrets of all ports that there are and were. */
  learn(): void {
    const { ports, graves } = this.project.emulator.control.state({ secrets: true });
    for (const { proxyPassword, rotationToken } of [...ports, ...graves])
      for (const secret of [proxyPassword, rotationToken]) if (secret) this.known.add(secret);
  }

  sawArguments(all: string[]): void {
    this.seenArguments.push(...all);
  }

  /** Where one stands, each as one line without the secret. */
  leaks(outputs: string[]): string[] {
    this.learn();
    const files = this.project.files().filter(({ path }) => !isOurs(path));
    const places: [string, string][] = [
      ...outputs.map((text): [string, string] => [`output of ${text.split("\n", 1)[0]}`, text]),
      ...files.map(({ path, text }): [string, string] => [`file ${path}`, text]),
      ...this.seenArguments.map((text): [string, string] => ["arguments of a process", text]),
    ];
    return places.flatMap(([where, text]) => {
      const found = [...this.known].find((secret) => text.includes(secret));
      if (found === undefined) return [];
      const at = text.indexOf(found);
      return [`P3: ${where} holds a secret after: ${JSON.stringify(text.slice(Math.max(0, at - 120), at))}`];
    });
  }
}
