import type * as pulumi from "@pulumi/pulumi";

interface Seen<T> {
  value: T | undefined;
  known: boolean;
  secret: boolean;
}

/** What an Output holds, and what Pulumi knows of it. */
export async function seen<T>(output: pulumi.Output<T>): Promise<Seen<T>> {
  const inner = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  const [value, known, secret] = await Promise.all([inner.promise(), inner.isKnown, inner.isSecret]);
  return { value, known, secret };
}
