/** Values and labels (source: the vendor page, GET /v1/ports/:id/os-fingerprints). */
export const FINGERPRINTS: Readonly<Record<string, string>> = {
  "": "None (Default)",
  "windows:1": "Windows 10",
  "macosx:4": "macOS / iPhone 13",
  "macosx:3": "macOS X",
  "ios:2": "iOS (Real iPhone)",
  "ios:1": "iOS (p0f Compliant)",
  "android:3": "Android (Real)",
  "android:1": "Android (p0f Compliant)",
};

export const isFingerprint = (value: unknown): value is string =>
  typeof value === "string" && Object.hasOwn(FINGERPRINTS, value);
