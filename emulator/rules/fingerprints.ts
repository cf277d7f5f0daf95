/** The eight options of the vendor's page, in its order. */
export const FINGERPRINTS = [
  { value: "", label: "None (Default)" },
  { value: "windows:1", label: "Windows 10" },
  { value: "macosx:4", label: "macOS / iPhone 13" },
  { value: "ios:2", label: "iOS (Real iPhone)" },
  { value: "ios:1", label: "iOS (p0f Compliant)" },
  { value: "android:3", label: "Android (Real)" },
  { value: "android:1", label: "Android (p0f Compliant)" },
  { value: "macosx:3", label: "macOS X" },
] as const;

export const FINGERPRINT_VALUES = FINGERPRINTS.map((each) => each.value);
