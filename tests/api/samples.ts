/** The answers of the vendor's page, as they stand there. */
export const PORT_ID = "6935a7065cb903907b750c64";

export const PORT = {
  _id: PORT_ID,
  id: PORT_ID,
  name: "psx_8cc33c_91vjml",
  displayName: "Proxy #1",
  httpPort: 8522,
  socksPort: 5522,
  serverIp: "138.201.158.43",
  proxyLogin: "user_8cc33c91vjml",
  proxyPassword: "gyQ4n6hP8R",
  slotType: "shared",
  exclusive: false,
  osFingerprint: "windows:1",
  suspended: false,
  status: "active",
  expiresAt: 1765210246994,
  createdAt: 1733587846996,
  rotationToken: "32c2144a26f1ff1a3a0b79c4e31b7369",
  rotationSettings: {
    enabled: true,
    intervalMinutes: 30,
    intervalSeconds: 1800,
    lastRotatedAt: "2025-12-17T09:30:00.000Z",
    rotationCount: 5,
  },
  usedTraffic: 1.5,
  rotationLink: "https://api.proxies.sx/rotate/32c2144a26f1ff1a3a0b79c4e31b7369",
  device: {
    _id: "69280411c01b1bb60efc4ab7",
    name: "dongle501_de",
    country: { name: "Germany", code: "DE" },
    carrier: { name: "Vodafone D2 GmbH", brand: "Vodafone" },
    region: { name: "Berlin" },
  },
};

export const NEW_PORT = {
  _id: "675123abc0000000000000aa",
  displayName: "Proxy #1",
  serverIp: "62.30.207.124",
  httpPort: 8002,
  socksPort: 5002,
  proxyLogin: "auto_generated",
  proxyPassword: "auto_generated",
  expiresAt: 1702320967890,
};

export const SETTINGS = {
  enabled: true,
  intervalMinutes: 30,
  intervalSeconds: 1800,
  lastRotatedAt: "2025-12-17T02:24:17.359Z",
  rotationCount: 7,
  matchCarrier: false,
  matchCity: false,
  excludedDeviceIds: [],
  _id: "694166405313a0aecb26ca09",
  id: "694166405313a0aecb26ca09",
};

export const COUNTRIES = [
  { _id: "69276bf1f547dfc948699263", name: "Germany", code: "DE", iso3: "DEU", phoneCode: "+49", freeDeviceCount: 26 },
];

export const CARRIERS = [
  {
    _id: "69276bf5f547dfc94869f2dc",
    name: "Vodafone D2 GmbH",
    brand: "Vodafone",
    mcc: "262",
    mnc: "02",
    technology: "LTE",
    freeDeviceCount: 19,
  },
  {
    _id: "69276bf5f547dfc94869f2df",
    name: "Telefónica Germany GmbH & Co. oHG",
    brand: "O2",
    technology: "LTE",
    freeDeviceCount: 7,
  },
];

export const TARIFFS = [
  {
    _id: "69414767d149cecffee56788",
    type: "PortsShared",
    price: 10,
    portRange: { min: 1, max: 10 },
    category: "shared",
    resourceType: "ports",
    pricePerUnit: 10,
    unitType: "slot",
    billingPeriod: "monthly",
    displayName: "Shared Port Slots (1-10)",
  },
];

export const ACCOUNT = {
  user: { _id: "6935a45d04523391208cc33c", email: "user@example.com", role: "customer", isActive: true },
  wallet: { totalDeposited: 100.0, totalSpent: 50.0, availableBalance: 50.0, currency: "USD" },
  subscription: {
    shared: {
      active: true,
      slots: { total: 5, used: 2, available: 3 },
      traffic: { purchasedGB: 10, usedGB: 2.5, availableGB: 7.5 },
      expiresAt: "2025-01-15T00:00:00.000Z",
      daysRemaining: 29,
    },
    private: { active: false, slots: { total: 0, used: 0, available: 0 } },
  },
  status: {
    hasActiveSubscription: true,
    hasAvailableSlots: true,
    hasAvailableTraffic: true,
    lowBalance: false,
    lowTraffic: false,
  },
};

export const SUMMARY = {
  balance: 50.0,
  currency: "USD",
  shared: {
    slots: { total: 5, used: 2, available: 3 },
    trafficGB: { total: 10, used: 2.5, available: 7.5 },
    expiresAt: "2025-01-15T00:00:00.000Z",
    daysRemaining: 29,
  },
  private: { slots: { total: 0, used: 0, available: 0 }, trafficGB: { total: 0, used: 0, available: 0 } },
  alerts: [{ type: "low_traffic", message: "Traffic is running low", severity: "info" }],
};

export const USAGE = {
  period: "30d",
  generatedAt: "2025-12-17T10:00:00.000Z",
  traffic: {
    shared: { totalUsedGB: 2.5, portCount: 2, byPort: [{ portId: "6935a706...", portName: "Proxy #1", usedGB: 1.5 }] },
    combined: { totalUsedGB: 2.5, portCount: 2 },
  },
};

export const BREAKDOWN = {
  totalPayments: 100.0,
  adminPaymentCredits: 0,
  totalPurchases: 50.0,
  trafficUsedGB: 2.5,
  purchasedTrafficGB: 10,
  availableTrafficGB: 7.5,
  pricePerGB: 4,
  balance: 50.0,
  currency: "USD",
  formula: "balance = (totalPayments + adminCredits) - totalPurchases",
};

export const HISTORY = {
  rotations: [
    {
      _id: "6941a706...",
      portId: PORT_ID,
      fromDeviceId: "69280411c01b1bb60efc4ab7",
      toDeviceId: "69280412c01b1bb60efc4ab8",
      fromIp: "109.40.240.170",
      toIp: "109.40.241.55",
      triggerType: "api_token",
      success: true,
      rotationDurationMs: 2450,
      country: "Germany",
      carrier: "Vodafone",
      createdAt: "2025-12-17T09:55:00.000Z",
    },
  ],
  total: 5,
};

/** A full answer to one call of each method that reads more than a port. */
export const ANSWERS: Record<string, unknown> = {
  "ports.list": [PORT],
  "ports.get": { ...PORT, countryName: "Germany", carrierName: "Vodafone", healthStatus: "healthy" },
  "ports.osFingerprints": [{ value: "windows:1", label: "Windows 10" }],
  "ports.status": { status: "online", lastChecked: "2025-12-17T10:00:00Z", uptime: "1 d", deviceStatus: "ok" },
  "ports.ping": { success: false, ip: "1.1.1.1", testTime: "2025-12-17T10:00:00Z", error: "timeout" },
  "ports.ip": { publicIp: "1.1.1.1", serverIp: "1.1.1.1" },
  "ports.speedTest": { downloadMbps: 1, testedAt: "2025-12-17T10:00:00Z" },
  "rotation.rotate": { success: true, oldIp: "1.1.1.1", newIp: "1.1.1.2", newDeviceId: "a", message: "done" },
  "rotation.canRotate": { canRotate: false, reason: "wait", nextRotationAt: "2025-12-17T10:00:00Z" },
  "rotation.setSettings": SETTINGS,
  "rotation.history": HISTORY,
  "rotation.rotateByToken": { message: "done", newIp: "1.1.1.2" },
  "reference.countries": COUNTRIES,
  "reference.carriers": CARRIERS,
  "reference.tariffs": TARIFFS,
  "account.get": ACCOUNT,
  "account.summary": SUMMARY,
  "account.usage": USAGE,
  "billing.balanceBreakdown": BREAKDOWN,
  "billing.pricing": {
    slotTiers: [{ name: "Bronze" }],
    userTierInfo: { currentTier: "Bronze", nextTier: { name: "Gold" } },
  },
};
