import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers } from "./examples";
import { examplesOf } from "./lives";
import { functionPrograms, referencePrograms } from "./reference";

/** The engine is needed: its host of Python runs the programs, and finds the plugin by what the SDK says. */
jest.setTimeout(1_200_000);

const examples = examplesOf("python");

it("a preview of all examples in the reference, as one program", async () => {
  const all = referencePrograms("python");
  // Names are those of one program each.
  const own = ([page, program]: [string, string]): string =>
    program.replace(/(?<=\(\s*)"(?=[a-z0-9]+",)/g, `"${page}-`);
  const project = examples().reference("reference", {
    "Pulumi.yaml": "name: reference\nruntime: python\n",
    "__main__.py": all.map(own).join("\n"),
  });
  await promisify(execFile)(join(examples().all.program, "venv/bin/pip"), [
    "install",
    "--quiet",
    "pulumi-random==4.21.2",
  ]);
  const { output } = await project.run("preview");
  for (const [page] of all) expect(output).toContain(` ${page}-`);
});

it("all functions in the reference, as one program", async () => {
  const all = functionPrograms("python").map(([name, program]) => program.replace('"scraper"', `"${name}"`));
  await answers(
    examples().reference("functions", {
      "Pulumi.yaml": "name: functions\nruntime: python\n",
      "__main__.py": all.join("\n"),
    }),
  );
});
