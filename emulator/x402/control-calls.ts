import { type NodeState } from "./chain/rpc";

export interface Gift {
  address: string;
  /** @default 100 */
  usdc?: string | number;
  /** For gas, which is asked for and never taken. @default 1 */
  eth?: number;
}

export interface Move {
  from: string;
  to: string;
  usdc: string | number;
}

export interface Reorganisation {
  /** How many of the last blocks are replaced. @default 1 */
  blocks?: number;
  /** What becomes of their transactions. @default "dropped" */
  transactions?: "dropped" | "again";
}

export type NodeEdit = Partial<NodeState>;
