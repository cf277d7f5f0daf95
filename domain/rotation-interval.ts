/** Shortest and longest interval of automatic rotation by slot type, in seconds (source: the vendor page). */
export const ROTATION_INTERVAL = { shared: { min: 300, max: 86_400 }, private: { min: 60, max: 86_400 } } as const;
