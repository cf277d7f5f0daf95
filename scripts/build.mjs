import { runScript } from "./child.mjs";
import { ensureCompiled } from "./compile.mjs";
import { ensureDependencies } from "./dependencies.mjs";

/** What `npm run build`, and `npm pack` before it packs, do: dist/ from the sources as they are. */
runScript(async () => {
  await ensureDependencies();
  await ensureCompiled();
});
