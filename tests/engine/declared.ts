/** A resource of the program, as data: `{ $port: name }` stands for that Port of the program. */
export interface Declared {
  type:
    | "Port"
    | "RotationSettings"
    | "Credentials"
    | "OsFingerprint"
    | "Rotation"
    | "Account"
    | "TrafficPurchase"
    | "X402Lease"
    | "ProxyFleet"
    /** A component of the program's own, and a transformation of the whole stack that protects. */
    | "Group"
    | "Protection";
  name: string;
  args: Record<string, unknown>;
  /** Options as data: program.js says how. */
  options?: Record<string, unknown>;
}
