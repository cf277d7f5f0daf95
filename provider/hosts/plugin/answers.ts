import { Metadata, status } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { CheckFailure, DiffResponse, ErrorResourceInitFailed, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { UnfinishedError } from "../../errors";
import { type Props } from "../hosted";
import { type PropertyChange } from "./detailed-diff";
import { sealed } from "./wire";
import { messageOf } from "../../../text";

/** Why inputs cannot be used. With a property's name the engine would print its value, a secret's too. */
export const failureOf = (reason: string): CheckFailure => new CheckFailure().setReason(reason);

const KINDS_OF_CHANGE = {
  add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
  delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** A comparison, with what changes by property where that is known. */
export function diffOf(diff: {
  isChanged: boolean;
  changes: readonly PropertyChange[];
  replaces: string[];
}): DiffResponse {
  const response = new DiffResponse()
    .setChanges(diff.isChanged ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setReplacesList(diff.replaces)
    .setDiffsList([...new Set(diff.changes.map(({ path }) => path.replace(/\[.*$/, "")))])
    .setHasdetaileddiff(diff.changes.length > 0);
  for (const { path, does, replaces, of } of diff.changes) {
    const change = new PropertyDiff().setKind(KINDS_OF_CHANGE[does][replaces ? 1 : 0]).setInputdiff(of === "inputs");
    response.getDetaileddiffMap().set(path, change);
  }
  return response;
}

/** An error as the engine reads it. One of a half-made object carries what the engine is to keep of it. */
export class RpcError extends Error {
  readonly code = status.UNKNOWN;
  readonly details: string;
  readonly metadata = new Metadata();

  constructor(error: unknown, secrets: Iterable<string> = []) {
    super(messageOf(error));
    this.details = this.message;
    if (error instanceof UnfinishedError) this.metadata.add("grpc-status-details-bin", detailsOf(error, secrets));
  }
}

function detailsOf(error: UnfinishedError, secrets: Iterable<string>): Buffer {
  const left = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(sealed(error.properties as Props, secrets))
    .setReasonsList(error.reasons);
  const packed = new Any();
  packed.pack(left.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const told = new Status().setCode(status.UNKNOWN).setMessage(error.message);
  told.addDetails(packed);
  return Buffer.from(told.serializeBinary());
}
