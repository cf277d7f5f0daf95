import { startPostgres } from "./postgres";
import { startS3 } from "./s3";

/** A server of the test's own that keeps states of the engine. */
export interface Backend {
  /** For `pulumi login` or PULUMI_BACKEND_URL. */
  url: string;
  /** What the CLI needs besides. */
  env: Record<string, string>;
  stop(): void;
}

/** Ways to start each, and how to install what it lacks. */
export const BACKENDS = {
  PostgreSQL: { start: startPostgres, how: "Debian: apt-get install postgresql" },
  S3: { start: startS3, how: "in a virtual environment whose bin is on the PATH: pip install -r tests/engine/s3.txt" },
} as const;

export type BackendName = keyof typeof BACKENDS;
