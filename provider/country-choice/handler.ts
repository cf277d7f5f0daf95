import { inputNames, KINDS } from "../../domain/kinds";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SLOT_TYPES, type SlotType } from "../../domain/slot-type";
import { countryNamed, sameName } from "../../domain/place-names";
import { accountFolder } from "../run/account-folder";
import { type Choice, pickCarrier, pickCountry } from "./pick";
import { InputError } from "../errors";
import { type Handler } from "../handler";
import { checkChoice, checkOneOf } from "../input-values";
import { ReferenceCache } from "../run/reference-cache";
import { type Session } from "../run/session";
import { hasUnknown, isUnknown, UNKNOWN } from "../../domain/unknown";

/** Inputs of CountryChoice, as the engine sends them. The class in the SDK documents each. */
export interface CountryChoiceArgs extends Partial<Choice> {
  by: "stock" | "price";
  countries?: string[];
  slotType?: SlotType;
  withCarrier?: boolean;
  triggers?: unknown;
}

const INPUTS = inputNames("CountryChoice");
/** Of every choice: nothing at the vendor has one. */
const ID = "choice";

/** A country that is chosen once and stays. The choice is an input that check adds, so previews know it. */
export const countryChoice = {
  kind: "CountryChoice",

  async check({ olds, news, hidden, session }) {
    checkArgs(news);
    if (INPUTS.some((name) => hasUnknown(news[name]))) {
      return { country: UNKNOWN, ...(news.withCarrier && { carrier: UNKNOWN }) };
    }
    if (olds?.country === undefined || !(await mayStay(olds.country, olds, news, session))) {
      return choose(news, session, hidden.urn);
    }
    const { country, carrier } = olds;
    if (!news.withCarrier) return { country };
    return { country, carrier: carrier ?? (await pickCarrier(session, news.slotType, country)) };
  },

  async diff({ olds, news }) {
    return { changes: !isDeepStrictEqual(state(olds), state(news)), touches: [] };
  },

  async create({ news }) {
    return { id: ID, state: state(news) };
  },

  /** Nothing at the vendor stands for a choice. One that the state does not hold yet is named by its country. */
  async read({ id, olds, session }) {
    const known = olds.by === undefined ? await chosenBefore(id, session) : (olds as CountryChoiceArgs);
    return known && { id: ID, state: known, inputs: state(known), drifted: false };
  },

  async update({ news }) {
    return state(news);
  },

  async delete() {},
} satisfies Handler<"CountryChoice", CountryChoiceArgs, CountryChoiceArgs>;

async function chosenBefore(name: string, { reference }: Session): Promise<CountryChoiceArgs | undefined> {
  const country = countryNamed(await reference.countries(false), name)?.code;
  return country === undefined ? undefined : { by: "stock", country };
}

/** Without what is not set: the state holds nothing for it. */
const state = (args: CountryChoiceArgs): CountryChoiceArgs =>
  Object.fromEntries(INPUTS.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]]))) as never;

/** What the preview of a run chose is what its update does, as long as it is free. */
async function choose(args: CountryChoiceArgs, session: Session, urn = ""): Promise<Choice> {
  const { countries, slotType, withCarrier, triggers } = args;
  const previews = new ReferenceCache(join(accountFolder(session.settings), "choices.json"));
  const asked = JSON.stringify([urn, countries, slotType, withCarrier, triggers]);
  const question = createHash("sha256").update(asked).digest("hex"); // a trigger may be a secret
  const previewed = previews.get(question) as Choice | undefined;
  const country = await pickCountry(session, args, previewed?.country, (text) => session.notice(text, urn));
  const kept = country === previewed?.country ? previewed.carrier : undefined;
  const choice = { country, ...(withCarrier && { carrier: kept ?? (await pickCarrier(session, slotType, country)) }) };
  previews.put(question, choice);
  return choice;
}

/** Stock has no part in it: a choice that followed the stock would move ports from run to run. */
async function mayStay(
  country: string,
  olds: Partial<CountryChoiceArgs>,
  { countries, slotType = "shared", triggers }: CountryChoiceArgs,
  session: Session,
): Promise<boolean> {
  if (!isDeepStrictEqual(triggers, olds.triggers) || slotType !== (olds.slotType ?? "shared")) return false;
  if (countries === undefined || isDeepStrictEqual(countries, olds.countries)) return true;
  if (countries.some((name) => sameName(name, country))) return true;
  const all = await session.reference.countries(slotType === "private");
  return countries.some((name) => countryNamed(all, name)?.code === country);
}

function checkArgs({ by, countries, slotType, withCarrier }: CountryChoiceArgs): void {
  checkOneOf("by", by, KINDS.CountryChoice.inputs.by.oneOf);
  checkChoice("slotType", slotType, SLOT_TYPES);
  checkChoice("withCarrier", withCarrier, [true, false]);
  if (countries === undefined || isUnknown(countries)) return;
  const named = Array.isArray(countries) && countries.every((name) => typeof name === "string" && name.trim() !== "");
  if (named && countries.length > 0) return;
  throw new InputError("countries", "give a list of ISO codes, English names or the vendor's ids, or leave it out.");
}
