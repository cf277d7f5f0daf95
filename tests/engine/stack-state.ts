/** The engine's state of a stack, as far as tests look at it. */
export interface State {
  resources: {
    urn: string;
    type: string;
    id?: string;
    protect?: boolean;
    provider?: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
    sourcePosition?: string;
    stackTrace?: { sourcePosition?: string }[];
  }[];
}
