import * as provider from "../../provider";
import { providerText } from "../../sdk/engine/provider-text";

/**
 * States hold these texts and shapes for ever. A change here breaks refresh and destroy of every stack that exists:
 * add new ones beside the old, never edit one.
 */
describe("the contract with old states", () => {
  const TEXTS = {
    port: "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').port",
    rotationSettings:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').rotationSettings",
    credentials:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').credentials",
    osFingerprint:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').osFingerprint",
    rotation:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').rotation",
    countryChoice:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').countryChoice",
    trafficPurchase:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').trafficPurchase",
    x402Lease:
      "exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-proxies-sx/provider').x402Lease",
  } as const;

  it.each(Object.entries(TEXTS))("the text of %s is what it was", (handler, text) => {
    expect(providerText(handler as keyof typeof TEXTS)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(120);
  });

  it.each(Object.keys(TEXTS))("%s has every operation", (handler) => {
    const operations = ["configure", "check", "diff", "create", "read", "update", "delete"];
    expect(Object.keys(provider[handler as keyof typeof TEXTS]).sort()).toEqual([...operations].sort());
  });
});
