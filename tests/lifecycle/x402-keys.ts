/** A test key that everybody knows: nothing of worth may lie there. */
export const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
export const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
export const OTHER_KEY = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";
/** Whom the vendor says that wallets pay. */
export const PAYEE = "0xf8cd900794245fc36cbe65be9afc23cdf5103042";
