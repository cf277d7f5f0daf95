import { type KindName, type KINDS } from "../../domain/kinds";

/**
 * The text in each resource's `__provider`, by which the engine finds the code that carries out an operation. It
 * captures nothing: no key, no old code, and an upgrade of the package shows no change. States hold it for ever, so it
 * never changes. It resolves the package as the program does, also where a package is asked for by its own name.
 */
export const providerText = (handler: (typeof KINDS)[KindName]["handler"]): string =>
  `exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').${handler}`;
