import { type Api } from "../../api";

/** One call of each method of the client. */
export const EVERY_CALL: Record<string, (api: Api) => Promise<unknown>> = {
  "ports.list": ({ ports }) => ports.list(),
  "ports.get": ({ ports }) => ports.get("a"),
  "ports.create": ({ ports }) => ports.create({ countryId: "c", expiresInSeconds: 60 }),
  "ports.delete": ({ ports }) => ports.delete("a"),
  "ports.reconfigure": ({ ports }) => ports.reconfigure("a", { countryId: "c" }),
  "ports.setCredentials": ({ ports }) => ports.setCredentials("a", { proxyLogin: "b" }),
  "ports.setOsFingerprint": ({ ports }) => ports.setOsFingerprint("a", ""),
  "ports.osFingerprints": ({ ports }) => ports.osFingerprints("a"),
  "ports.status": ({ ports }) => ports.status("a"),
  "ports.ping": ({ ports }) => ports.ping("a"),
  "ports.ip": ({ ports }) => ports.ip("a"),
  "ports.speedTest": ({ ports }) => ports.speedTest("a"),
  "rotation.rotate": ({ rotation }) => rotation.rotate("a"),
  "rotation.canRotate": ({ rotation }) => rotation.canRotate("a"),
  "rotation.setSettings": ({ rotation }) => rotation.setSettings("a", { enabled: false }),
  "rotation.history": ({ rotation }) => rotation.history("a"),
  "rotation.rotateByToken": ({ rotation }) => rotation.rotateByToken("t"),
  "reference.countries": ({ reference }) => reference.countries(),
  "reference.carriers": ({ reference }) => reference.carriers("c"),
  "ports.page": ({ ports }) => ports.page(1),
  "reference.cities": ({ reference }) => reference.cities("c"),
  "reference.regions": ({ reference }) => reference.regions("c"),
  "reference.tariffs": ({ reference }) => reference.tariffs(),
  "account.get": ({ account }) => account.get(),
  "account.summary": ({ account }) => account.summary(),
  "account.usage": ({ account }) => account.usage(),
  "billing.balanceBreakdown": ({ billing }) => billing.balanceBreakdown(),
  "billing.pricing": ({ billing }) => billing.pricing(),
  "billing.calculatePrice": ({ billing }) => billing.calculatePrice(1, false),
  "billing.purchaseTraffic": ({ billing }) => billing.purchaseTraffic(1, false),
  "billing.purchaseSlots": ({ billing }) => billing.purchaseSlots(1, false),
  "cryptoPayments.status": ({ cryptoPayments }) => cryptoPayments.status(),
  "cryptoPayments.create": ({ cryptoPayments }) => cryptoPayments.create(10),
  "cryptoPayments.order": ({ cryptoPayments }) => cryptoPayments.order("a"),
  "cryptoPayments.pending": ({ cryptoPayments }) => cryptoPayments.pending(),
  "cryptoPayments.cancel": ({ cryptoPayments }) => cryptoPayments.cancel("a"),
  "tickets.list": ({ tickets }) => tickets.list(),
  "tickets.get": ({ tickets }) => tickets.get("a"),
  "tickets.create": ({ tickets }) => tickets.create({ subject: "A port is offline", message: "Since noon no answer." }),
  "tickets.reply": ({ tickets }) => tickets.reply("a", "It works again."),
  "tickets.close": ({ tickets }) => tickets.close("a"),
};

/** Names of the client's methods: `EVERY_CALL` must have each. */
export function methodsOf(api: Api): string[] {
  return Object.entries(api).flatMap(([part, methods]: [string, unknown]) =>
    typeof methods === "object" ? Object.keys(methods as object).map((method) => `${part}.${method}`) : [],
  );
}
