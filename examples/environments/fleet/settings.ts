import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const settings = z.strictObject({
  size: z.int().min(1),
  locations: z
    .array(z.strictObject({ country: z.string(), carrier: z.string().optional(), weight: z.number().optional() }))
    .min(1),
  fallback: z.array(z.string()).optional(),
  expiresIn: z.string(),
  renewBefore: z.string().optional(),
  stagger: z.string().optional(),
  rotateEverySeconds: z.int().optional(),
  protect: z.boolean().default(false),
});

/** What differs from one environment to the next: `proxies-environments:fleet` in Pulumi.<stack>.yaml. */
export type Settings = z.output<typeof settings>;

/** A misspelt name or a wrong type stops the preview, with one line for each. */
export function readSettings(): Settings {
  const read = settings.safeParse(new pulumi.Config().requireObject("fleet"));
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `fleet.${path.join(".")}: ${message}`);
  throw new pulumi.RunError(`Pulumi.${pulumi.getStack()}.yaml: ${faults.join("; ")}`);
}
