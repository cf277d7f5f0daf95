import * as proxies from "pulumi-proxies-sx";
import { readSettings } from "./settings";

const { size, locations, fallback, expiresIn, renewBefore, stagger, rotateEverySeconds, protect } = readSettings();

const fleet = new proxies.ProxyFleet(
  "scraper",
  {
    size,
    locations,
    fallback,
    lease: { expiresIn, renewBefore, stagger },
    credentials: { proxyLogin: "team-a" },
    ...(rotateEverySeconds && { rotation: { intervalSeconds: rotateEverySeconds } }),
  },
  { protect },
);

export const { httpUrls, byCountry, nextRenewalAt } = fleet;
