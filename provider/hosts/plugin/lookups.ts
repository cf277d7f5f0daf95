import { SLOT_TYPES, type SlotType } from "../../../domain/slot-type";
import { InputError, ProviderError } from "../../errors";
import { checkNames } from "../../input-names";
import { checkChoice, checkText } from "../../port/args";
import { portInfo } from "../../port/port-info";
import { findCountry } from "../../run/reference";
import { type Session } from "../../run/session";
import { type Props } from "../hosted";
import { type SessionHolder } from "../session-holder";

interface Lookup {
  inputs: readonly string[];
  ask(session: Session, args: Props): Promise<object>;
  /** Whether answers hold secrets. */
  isSecret?: true;
}

const isPrivate = (slotType: unknown): boolean => {
  checkChoice("slotType", slotType, SLOT_TYPES);
  return (slotType as SlotType | undefined) === "private";
};

const textOf = (name: string, args: Props): string => {
  checkText(name, args[name], true);
  return args[name] as string;
};

/** Functions of the plugin. The classes of the SDK have more, and ask by themselves. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  getCountries: {
    inputs: ["slotType"],
    ask: async ({ reference }, { slotType }) => ({ countries: await reference.countries(isPrivate(slotType)) }),
  },
  getCarriers: {
    inputs: ["country", "slotType"],
    ask: async ({ reference }, args) => {
      const ofPrivate = isPrivate(args.slotType);
      const { id } = findCountry(await reference.countries(ofPrivate), textOf("country", args));
      return { carriers: await reference.carriers(id, ofPrivate) };
    },
  },
  getPort: {
    inputs: ["port"],
    isSecret: true,
    ask: async ({ api }, args) => {
      const id = textOf("port", args);
      const port = await api.ports.get(id);
      if (!port) throw new ProviderError(`getPort: there is no port ${id} in this account.`);
      return portInfo(port);
    },
  },
};

const PREFIX = "proxies-sx:index:";

/** What programs ask the vendor by the plugin, with the account of its provider. */
export class Lookups {
  constructor(private readonly account: SessionHolder) {}

  /** @throws ProviderError in one line without a secret */
  async ask(token: string, args: Props): Promise<{ answer: Props; isSecret: boolean } | { failure: string }> {
    const name = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : "";
    const lookup = Object.hasOwn(LOOKUPS, name) ? LOOKUPS[name] : undefined;
    if (!lookup) throw new ProviderError("there is no such function in proxies-sx.");
    try {
      checkNames(args, lookup.inputs);
      const session = this.account.open();
      if (!session) throw new ProviderError("a setting of proxies-sx is not known yet.");
      const answer = JSON.parse(JSON.stringify(await lookup.ask(session, args))) as Props;
      return { answer, isSecret: lookup.isSecret ?? false };
    } catch (error) {
      const message = this.account.lineOf(this.account.explained(error, "this run"));
      if (error instanceof InputError) return { failure: `${name}: ${message}` };
      throw new ProviderError(message);
    }
  }
}
