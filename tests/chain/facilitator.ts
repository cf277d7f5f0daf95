import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { ExactEvmSchemeV1 } from "@x402/evm/exact/v1/facilitator";
import { OTHER } from "../emulator/x402-wallet";
import { submitter, type TestChain } from "./test-chains";

/** The official facilitator of the protocol's versions 2 and 1, on a test chain. */
export function facilitatorOn(chain: TestChain) {
  const { reader, writer } = submitter(chain);
  const signer = toFacilitatorEvmSigner({ ...reader, ...writer, address: OTHER.address } as never);
  return { v2: new ExactEvmScheme(signer), v1: new ExactEvmSchemeV1(signer) };
}
