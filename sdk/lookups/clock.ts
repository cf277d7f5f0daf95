import type * as pulumi from "@pulumi/pulumi";
import { type Lookup, type NoArgs, promiseOf } from "./lookup";
import { countries } from "./countries";

const CLOCK: Lookup<NoArgs, number> = {
  name: "the vendor's clock",
  ask: async (client) => {
    await countries(client, false);
    return client.api.serverNow() ?? Date.now();
  },
};

/** The vendor's time, epoch ms; this machine's where the vendor cannot be asked. */
export async function clockOf({
  provider,
  parent,
}: Pick<pulumi.CustomResourceOptions, "provider" | "parent">): Promise<number> {
  try {
    return await promiseOf(CLOCK, {}, { provider, parent });
  } catch {
    return Date.now(); // what is wrong with the account, each resource of it tells
  }
}
