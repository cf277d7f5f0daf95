import path from "node:path";
import ts from "typescript";
import { root } from "../project.mjs";

const absolute = (file) => path.join(root, file);

/** All sources that pages are written from, in one program of the compiler. */
function makeProgram() {
  const { config } = ts.readConfigFile(absolute("tsconfig.build.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(["sdk/index.ts", "cli/main.ts"].map(absolute), options);
}

const program = makeProgram();

export const checker = program.getTypeChecker();

/** The syntax tree of a file of ours; undefined where there is none. */
export const sourceOf = (file) => program.getSourceFile(absolute(file));
