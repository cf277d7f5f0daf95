/**
 * What a class of the SDK passes to the provider besides the inputs of the program. On the wire each is an input whose name
 * begins with `__`; states keep them, so what is sent once is read for ever.
 */
export interface Hidden {
  /**
   * The resource's URN, as the dynamic host knows it: under both hosts a resource is one. The engine gives it to a plugin,
   * and not to a dynamic provider.
   */
  urn?: string;
  /** The organization that the stack belongs to, where the backend has organizations. The engine gives it to no provider. */
  owner?: string;
  /** The id of a port to take under management instead of buying one: the resource option `import`. */
  adopt?: string;
  /** The slot type of the port that a sub-resource belongs to, where the program knows it. */
  slotType?: string;
  /** A renewal waits for another run unless the lease ends within so many seconds: a fleet renews a few at a time. */
  hold?: number;
  /** The vendor's id of the port that serves now, for a sub-resource of a Port of the program. */
  portId?: string;
  /**
   * The URN that the resource had first, by which journals and the chain know its purchases. It comes from the state, and
   * is not sent.
   */
  boughtAs?: string;
}

const MARK = "__";

/** Hidden inputs as they are sent; those that are undefined are not. */
export function sentHidden<Value>(facts: { [Name in keyof Hidden]?: Value }): Record<string, Value> {
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [`${MARK}${name}`, value]));
}

/**
 * What is sent for a URN. Directly below the stack that is "stack::name": each state holds it, and the provider knows
 * the rest. An organization comes first, and a blank.
 */
export const sentUrn = (owner: string | undefined, at: { stack: string; name: string } | string): string =>
  `${owner === undefined ? "" : `${owner} `}${typeof at === "string" ? at : `${at.stack}::${at.name}`}`;

/**
 * What was sent of a resource's URN, by one that the engine does not give it to.
 *
 * @param project of the stack, as the engine passes it to the provider's process
 */
export function receivedUrn(
  inputs: Readonly<Record<string, unknown>>,
  type: string,
  project: string,
): Pick<Hidden, "owner" | "urn"> {
  const sent = inputs[`${MARK}urn`];
  if (typeof sent !== "string" || sent === "") return {};
  const [, owner, text = ""] = /^(?:([^\s:]+) )?(.*)$/s.exec(sent) ?? [];
  if (text.startsWith("urn:")) return { owner, urn: text };
  const [stack, ...name] = text.split("::");
  return { owner, urn: `urn:pulumi:${stack}::${project}::${type}::${name.join("::")}` };
}

/** The full name of the stack that a resource belongs to, as commands take it. */
export function stackOf({ urn, owner }: Hidden): string | undefined {
  if (urn === undefined) return undefined;
  const [, , stack = "", project = ""] = urn.split(":").filter((part) => part !== "");
  return fullName({ owner, project, stack });
}

/** Of a stack. Backends without organizations call theirs so. */
export const fullName = ({ owner = "organization", project, stack }: StackNames): string =>
  `${owner}/${project}/${stack}`;

interface StackNames extends Pick<Hidden, "owner"> {
  project: string;
  stack: string;
}

/** The inputs of the program, and the hidden ones among what the engine sends, without the URN. What is null is not given. */
export function splitInputs(inputs: Readonly<Record<string, unknown>>): {
  args: Record<string, unknown>;
  hidden: Omit<Hidden, "owner" | "urn">;
} {
  const own = Object.entries(inputs).filter(
    ([name, value]) => !name.startsWith(MARK) && value !== undefined && value !== null,
  );
  const text = (name: "adopt" | "slotType" | "portId"): string | undefined => {
    const value = inputs[`${MARK}${name}`];
    return typeof value === "string" ? value : undefined;
  };
  return {
    args: Object.fromEntries(own),
    hidden: {
      adopt: text("adopt"),
      slotType: text("slotType"),
      portId: text("portId"),
      hold: holdIn(inputs),
    },
  };
}

/** Where it was sent by itself: to a plugin. */
export function ownerIn(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const owner = inputs[`${MARK}owner`];
  return typeof owner === "string" ? owner : undefined;
}

export const adoptIn = (inputs: Readonly<Record<string, unknown>>): unknown => inputs[`${MARK}adopt`];

export function holdIn(inputs: Readonly<Record<string, unknown>>): number | undefined {
  const hold = inputs[`${MARK}hold`];
  return typeof hold === "number" ? hold : undefined;
}

/** The vendor's port that settings in a state were made for: their own `port`, unless another serves since a renewal. */
export const servingPortIn = (outputs: Readonly<Record<string, unknown>> | null | undefined): unknown =>
  outputs?.[`${MARK}portId`];
