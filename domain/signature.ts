/**
 * The key of a value of a special kind, a secret above all, on the engine's wire, in its answers and in its state
 * (source: the Pulumi SDK's rpc).
 */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
