import type { PolicyResource } from "@pulumi/policy";
import { SLOT_TYPES, slotsLeft, type SlotType } from "../domain/slot-type";
import { createApi } from "../api";
import { readSettings } from "../provider/run/account-settings";
import { type AccountFacts, askAccount, idsOf, noAccount } from "./account";
import { costPlan } from "./cost";
import { type ReviewedAccount } from "./limit-rules";
import { factsOf, retiringPorts, stackSettings } from "./policy-resources";
import { part, valueOf } from "./known";
import { trafficLeft } from "./traffic";
import { messageOf } from "../text";

/**
 * What a stack of these resources has of an account. Slots are those that are free now, and those of old ports that a
 * later run releases: a policy pack does not learn which ports are new.
 */
export async function accountOfPack(
  resources: readonly PolicyResource[],
  account: AccountFacts,
): Promise<ReviewedAccount> {
  const after = factsOf(resources);
  const types = SLOT_TYPES.filter((type) => after.some(({ slotType }) => slotType === type));
  const cost = costPlan(
    after.map((port) => ({ after: port, ...(port.portId !== undefined && { before: port }) })),
    account,
  );
  const retiring = new Map(types.map((type) => [type, retiringPorts(resources, type)]));
  const isNamed = [...retiring.values()].some((ids) => ids.length > 0);
  const live = isNamed ? idsOf(valueOf(await account.livePorts())) : undefined;
  const retiringOf = (type: SlotType): number =>
    (retiring.get(type) ?? []).filter((id) => live?.has(id) !== false).length;
  const freeSlots = types.map((type) => [
    type,
    part(account.summary, (one) => plus(slotsLeft(one[type]?.slots), retiringOf(type)), `the free ${type} slots`),
  ]);
  const traffic = types.map((type) => [type, trafficLeft(type, account)]);
  return {
    freeSlots: Object.fromEntries(freeSlots) as ReviewedAccount["freeSlots"],
    trafficGB: Object.fromEntries(traffic) as ReviewedAccount["trafficGB"],
    monthlyCost: cost.known,
    currency: cost.currency,
  };
}

const plus = (slots: number | undefined, more: number): number | undefined =>
  slots === undefined ? undefined : slots + more;

/** The account of the stack's settings, or of the environment. */
export async function askAccountOfPack(): Promise<AccountFacts> {
  const config = stackSettings();
  try {
    const settings = readSettings((key) => config[key], process.env);
    if (!settings) return noAccount("the key is not known yet");
    const api = createApi(settings);
    try {
      return await askAccount(api);
    } finally {
      api.close();
    }
  } catch (error) {
    return noAccount(messageOf(error));
  }
}
