export interface Engine {
  /** The folder that holds `pulumi` and its language host: it goes first on PATH. */
  bin: string;
  /** The `pulumi` in it. */
  pulumi: string;
  /** PULUMI_HOME: plugins, and no state of the user. */
  home: string;
  version: string;
}

/**
 * A complete environment, cleaned of the user's own PULUMI_* and PROXIES_API_* settings.
 * Throws where the set-up has not run.
 */
export function engineEnvironment(options: { stateDir: string; engine?: Engine }): Record<string, string>;
