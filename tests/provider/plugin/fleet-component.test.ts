import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { type Props } from "../../../provider/hosts/hosted";
import { FleetComponent } from "../../../provider/hosts/plugin/fleet-component";
import { secret } from "../../../provider/hosts/plugin/wire";

/** A fleet as a program of any language declares it: what of that its registration says. */
const TYPE = "proxies-sx:index:ProxyFleet";
const TEAM = "urn:pulumi:dev::test::app:Team::team";

const asked = (inputs: Props = {}): ConstructRequest =>
  new ConstructRequest()
    .setType(TYPE)
    .setName("eu")
    .setProject("test")
    .setStack("dev")
    .setInputs(Struct.fromJavaScript(inputs as never));
const spec = (change: (of: Alias.Spec) => Alias.Spec): Alias => new Alias().setSpec(change(new Alias.Spec()));

describe("its URNs of before", () => {
  it.each<[string, Alias, string, string?]>([
    ["a whole one", new Alias().setUrn("urn:any"), "urn:any"],
    ["a name", spec((of) => of.setName("de")), `urn:pulumi:dev::test::${TYPE}::de`],
    ["a stack", spec((of) => of.setStack("prod")), `urn:pulumi:prod::test::${TYPE}::eu`],
    ["a project", spec((of) => of.setProject("shop")), `urn:pulumi:dev::shop::${TYPE}::eu`],
    ["a type", spec((of) => of.setType("a:b:C")), "urn:pulumi:dev::test::a:b:C::eu"],
    ["a parent", spec((of) => of.setParenturn(TEAM)), `urn:pulumi:dev::test::app:Team$${TYPE}::eu`],
    ["a name below its parent", spec((of) => of.setName("de")), `urn:pulumi:dev::test::app:Team$${TYPE}::de`, TEAM],
    ["no parent", spec((of) => of.setNoparent(true)), `urn:pulumi:dev::test::${TYPE}::eu`, TEAM],
    [
      "a name below the stack",
      spec((of) => of.setName("de")),
      `urn:pulumi:dev::test::${TYPE}::de`,
      "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev",
    ],
  ])("by an alias of %s", (_what, alias, urn, parent = "") => {
    const request = asked().setParent(parent).setAliasesList([alias]);
    expect(new FleetComponent(request).earlierUrns()).toEqual([urn]);
  });

  it("have one under the other host only below an account", () => {
    const aliasesBelow = (parent: string) => new FleetComponent(asked().setParent(parent)).registration().aliases;
    expect(aliasesBelow(TEAM)).toEqual([]);
    const account = "urn:pulumi:dev::test::pulumi:providers:proxies-sx::account";
    expect(aliasesBelow(account)?.map((one) => one.getUrn())).toEqual([
      `urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs$${TYPE}::eu`,
    ]);
  });
});

it.each([
  ["", undefined],
  ["organization", undefined],
  ["acme", "acme"],
])("of the organization %j it is %p's", (organization, owner) => {
  expect(new FleetComponent(asked().setOrganization(organization)).owner).toBe(owner);
});

it("options reach its registration", () => {
  const request = asked()
    .setIgnorechangesList(["size"])
    .setReplaceonchangesList(["lease"])
    .setRetainondelete(true)
    .setDeletedwith("urn:with")
    .setAdditionalsecretoutputsList(["byCountry"])
    .setCustomtimeouts(new ConstructRequest.CustomTimeouts().setCreate("1m").setUpdate("2m").setDelete("3m"));
  const registration = new FleetComponent(request).registration();
  expect(registration).toMatchObject({ deletedWith: "urn:with", secretOutputs: ["byCountry"], protect: undefined });
  const registered = new RegisterResourceRequest();
  registration.also?.(registered);
  expect(registered.toObject()).toMatchObject({
    ...{ ignorechangesList: ["size"], replaceonchangesList: ["lease"], retainondelete: true },
    customtimeouts: { create: "1m", update: "2m", pb_delete: "3m" },
  });
});

it("options that the program did not give are not sent", () => {
  const registered = new RegisterResourceRequest();
  new FleetComponent(asked()).registration().also?.(registered);
  expect([registered.hasRetainondelete(), registered.hasCustomtimeouts()]).toEqual([false, false]);
});

it("waits for what the program names and for what its inputs depend on, each once", () => {
  const request = asked().setDependenciesList(["urn:a"]);
  const on = (...urns: string[]) => new ConstructRequest.PropertyDependencies().setUrnsList(urns);
  request.getInputdependenciesMap().set("size", on("urn:a", "urn:b")).set("lease", on());
  expect(new FleetComponent(request).registration()).toMatchObject({
    dependencies: ["urn:a", "urn:b"],
    inputDependencies: { size: ["urn:a", "urn:b"], lease: [] },
  });
});

describe("its password", () => {
  it.each<[string, unknown, unknown]>([
    ["is a secret", { proxyLogin: "a", proxyPassword: "p" }, { proxyLogin: "a", proxyPassword: secret("p") }],
    ["is one once", { proxyPassword: secret("p") }, { proxyPassword: secret("p") }],
    ["that was not given is none", { proxyLogin: "a" }, { proxyLogin: "a" }],
    ["that is null is none", { proxyLogin: "a", proxyPassword: null }, { proxyLogin: "a", proxyPassword: null }],
    ["in a secret is in it", secret({ proxyPassword: "p" }), secret({ proxyPassword: "p" })],
    ["in what is no object is not looked for", "odd", "odd"],
  ])("%s", (_what, credentials, kept) => {
    expect(new FleetComponent(asked({ credentials })).inputs).toEqual({ credentials: kept });
  });

  it("is not looked for where there are no credentials", () => {
    expect(new FleetComponent(asked({ size: 1, credentials: null })).inputs).toEqual({ size: 1 });
  });
});
