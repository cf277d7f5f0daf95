import { type Host } from "../../domain/kinds";
import { type Props } from "./hosted";

/**
 * In the state of a half-made object: the engine calls its next update whatever a comparison says, and gives the host
 * no reason.
 */
const HALF_MADE = "__halfMade";

/** A state as its handler knows it: without what the hosts add. What handlers hide in it, such as `__found`, stays. */
export function stateIn({ __provider, [HALF_MADE]: halfMade, httpUrl, socks5Url, ...state }: Props): Props {
  return state;
}

/** What a refresh found, as half-made as the state was: the mark alone is no change to show. */
export const asMadeAs = (olds: Props, found: Props): Props =>
  HALF_MADE in olds ? { ...found, [HALF_MADE]: true } : found;

export const halfMade = (state: object): object => ({ ...state, [HALF_MADE]: true });

/** Whether the other host wrote a state: then an update is due that writes it in the form of this one. */
export const isOfOther = (host: Host, olds: Props): boolean => "__provider" in olds !== (host === "dynamic");

/**
 * Whether that is all that the update has to do, so that nothing is asked of the vendor.
 *
 * @param changes whether the handler found anything to do
 */
export const isMove = (host: Host, olds: Props, changes: boolean): boolean =>
  !changes && isOfOther(host, olds) && !(HALF_MADE in olds);
