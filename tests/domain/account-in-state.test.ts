import { accountIn } from "../../domain/account-in-state";

const keyOf = (provider: string): string | undefined => accountIn(`urn:pulumi:dev::test::${provider}::1`)?.key;

it.each(["second", "default-eu", "team::second", "default_eu"])(
  "the account %j has one key under both hosts",
  (name) => {
    const key = keyOf(`pulumi:providers:pulumi-nodejs::${name}`);
    expect(key).toBe(keyOf(`pulumi:providers:proxies-sx::${name}`));
    expect(accountIn(`urn:pulumi:dev::test::pulumi:providers:proxies-sx::${name}::1`)?.name).toBe(name);
    expect(keyOf(`test:Group$pulumi:providers:proxies-sx::${name}`)).not.toBe(key);
    expect(keyOf(`test:Group$pulumi:providers:proxies-sx::${name}`)).toContain(name);
  },
);

it.each([
  undefined,
  "",
  "urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs::default::1",
  "urn:pulumi:dev::test::pulumi:providers:proxies-sx::default_0_1_0::1",
  "urn:pulumi:dev::test::pulumi:providers:random::default::1",
])("%j is the account of the configuration", (provider) => {
  expect(accountIn(provider)).toBeUndefined();
});
