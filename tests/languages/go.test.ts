import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Project } from "../engine/project";
import { answers } from "./examples";
import { examplesOf } from "./lives";
import { functionPrograms, referencePrograms } from "./reference";

/** The engine is needed: its host of Go builds and runs the programs, and finds the plugin by what the SDK says. */
jest.setTimeout(1_200_000);

/** Another package, of which an example of Credentials has its password. */
const RANDOM = "github.com/pulumi/pulumi-random/sdk/v4@v4.21.2";

const examples = examplesOf("go");

it("all examples in the reference compile, as gofmt formats them, and one is previewed", async () => {
  const pages = [...referencePrograms("go"), ...functionPrograms("go")].map(([page, program]) => {
    return examples().reference(page, { "Pulumi.yaml": `name: ${page}\nruntime: go\n`, "main.go": program });
  });
  const [first] = pages as [Project];
  const go = (command: string, ...args: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(command, args, { cwd: join(first.program, ".."), env: first.env });
  await go("go", "get", RANDOM);
  await go("go", "vet", "./...");
  expect((await go("gofmt", "-l", ...pages.map((page) => page.program))).stdout).toBe("");
  const { output } = await first.run("preview");
  expect(output).toMatch(/\+ [1-9]\d* to create/);
});

it("all functions in the reference, as one program, of which each is a function", async () => {
  const all = functionPrograms("go");
  const own = ([name, program]: [string, string]): [string, string] => [
    `${name}.go`,
    program
      .replace(/func main\(\) \{\n.*\n/, `func ${name}(ctx *pulumi.Context) error {\n`)
      .replace(/\t\}\)\n\}\n$/, "}\n")
      .replace('"scraper"', `"${name}"`),
  ];
  const main = all.map(([name]) => `\t\tif err := ${name}(ctx); err != nil {\n\t\t\treturn err\n\t\t}\n`).join("");
  await answers(
    examples().reference("functions", {
      "Pulumi.yaml": "name: functions\nruntime: go\n",
      "main.go": `package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
${main}		return nil
	})
}
`,
      ...Object.fromEntries(all.map(own)),
    }),
  );
});
