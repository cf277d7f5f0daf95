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
  "reference.tariffs": ({ reference }) => reference.tariffs(),
  "account.get": ({ account }) => account.get(),
  "account.summary": ({ account }) => account.summary(),
  "account.usage": ({ account }) => account.usage(),
  "billing.balanceBreakdown": ({ billing }) => billing.balanceBreakdown(),
  "billing.pricing": ({ billing }) => billing.pricing(),
  "billing.calculatePrice": ({ billing }) => billing.calculatePrice(1, false),
};

/** Names of the client's methods: `EVERY_CALL` must have each. */
export function methodsOf(api: Api): string[] {
  return Object.entries(api).flatMap(([part, methods]: [string, unknown]) =>
    typeof methods === "object" ? Object.keys(methods as object).map((method) => `${part}.${method}`) : [],
  );
}
