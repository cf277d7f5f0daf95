export { Account, type AccountArgs } from "./account";
export { Credentials, type CredentialsArgs } from "./credentials";
export { OsFingerprint, type OsFingerprintArgs } from "./os-fingerprint";
export { Port, type PortArgs } from "./port";
export { type PortRef } from "./port-settings";
export { Rotation, type RotationArgs } from "./rotation";
export { RotationSettings, type RotationSettingsArgs } from "./rotation-settings";
