import { type Claim, type Stacks } from "../around";
import { ToolError } from "../tool";
import { messageOf } from "../../text";

/**
 * A port that a stack declares is changed by its program alone: what is changed beside it shows up as drift, or is put
 * back. The states are read now, as a run may have bought or adopted the port since.
 *
 * @throws ToolError that names the stack and the resource
 */
export async function requireUndeclared(portId: string, stacks: Stacks): Promise<void> {
  if (stacks.names.length === 0) return;
  const { claimOn, buying } = await stacks.read().catch((error: unknown) => {
    const why = messageOf(error);
    throw new ToolError(`nothing was changed: whether a stack declares port ${portId} is not known. ${why}`);
  });
  const claim = claimOn(portId);
  if (claim) throw new ToolError(`nothing was changed: ${claimText(portId, claim)} ${howToChange(claim)}`);
  if (buying.length > 0)
    throw new ToolError(
      `nothing was changed: a run of ${buying.join(", ")} is buying ports or broke off, and port ${portId} may be one ` +
        "of them. Let it end, or run `pulumi up` again, then `pulumi refresh --clear-pending-creates`.",
    );
}

const ROLE: Record<Claim["as"], string> = {
  serving: "is declared by",
  retiring: "is the old port of a renewal of",
  leaving: "is to be deleted by the next run, of",
  named: "is named by",
};

export const claimText = (portId: string, { as, name, stack, urn }: Claim): string =>
  `port ${portId} ${ROLE[as]} the resource "${name}" of stack ${stack} (${urn}).`;

const howToChange = ({ as }: Claim): string =>
  as === "retiring" || as === "leaving"
    ? "A later `pulumi up` releases it."
    : "Change the program instead, and run `pulumi up`: propose_change shows how, explain_port has more.";
