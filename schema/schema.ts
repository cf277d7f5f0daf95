import { type Kind, type KindName, KINDS, type Property, typeOf } from "../domain/kinds";
import { PROVIDER_SETTINGS } from "../domain/provider-settings";
import { fleetOf } from "./fleet";
import { functionsOf } from "./functions";
import { LANGUAGES } from "./languages";
import { changeOf, type Said, type Sources } from "./sources";
import { type Entry, ENUMS, type NamedTypes, refTo, typeFor } from "./types";

/** Beside the outputs of a kind: the plugin makes them. */
const URLS = ["httpUrl", "socks5Url"];

/** Of package.json. */
export interface About {
  version: string;
  description: string;
  license: string;
}

/** The schema of the plugin, as Pulumi takes it: the table of kinds with the texts of the SDK. */
export function schemaOf(sources: Sources, about: About): object {
  const named: NamedTypes = {};
  const kinds = Object.keys(KINDS) as KindName[];
  const resources = {
    ...Object.fromEntries(kinds.map((kind) => [typeOf(kind, "plugin"), resourceOf(kind, sources, named)])),
    "proxies-sx:index:ProxyFleet": fleetOf(sources, named),
  };
  const functions = functionsOf(sources, named);
  return {
    name: "proxies-sx",
    version: about.version,
    displayName: "proxies.sx",
    description: about.description,
    license: about.license,
    keywords: ["pulumi", "proxies", "mobile-proxies", "proxies.sx", "category/infrastructure"],
    config: { variables: settings(({ env }) => ({ defaultInfo: { environment: [env] } })) },
    types: { ...named, ...enumsIn({ resources, functions, named }) },
    provider: {
      description: "An account of proxies.sx, and how a wallet pays.",
      inputProperties: settings(() => ({})),
    },
    resources,
    functions,
    // SDKs name the version of the plugin that they were made for, and the engine asks for that.
    meta: { supportPack: true },
    language: LANGUAGES,
  };
}

function settings(more: (setting: { env: string }) => object): object {
  return Object.fromEntries(
    Object.entries(PROVIDER_SETTINGS).map(([name, setting]) => [
      name,
      {
        type: "string",
        description: `${setting.text} In the environment: ${setting.env}.`,
        ...("secret" in setting && { secret: true }),
        ...more(setting),
      },
    ]),
  );
}

function resourceOf(kind: KindName, sources: Sources, named: NamedTypes): object {
  const { inputs, outputs }: Kind = KINDS[kind];
  const [args, members] = [sources.membersOf(`${kind}Args`), sources.membersOf(kind)];
  const given = Object.entries(inputs).filter(([name]) => args.has(name));
  const shown = Object.entries({ ...inputs, ...outputs }).filter(([name]) => members.has(name));
  const textOf = (name: string, ...from: Map<string, Said>[]): string => {
    const text = from.map((one) => one.get(name)?.text).find(Boolean);
    if (text) return text;
    throw new Error(`schema: ${kind}.${name} has no text.`);
  };
  const property = (name: string, one: Property, ...from: Map<string, Said>[]): Entry => ({
    description: textOf(name, ...from),
    ...typeFor(name, one, sources, named),
    ...(one.secret && { secret: true }),
  });
  const urls = URLS.filter((name) => members.has(name));
  return {
    description: sources.textOf(kind),
    aliases: [{ type: typeOf(kind) }],
    inputProperties: Object.fromEntries(
      given.map(([name, one]) => [
        name,
        {
          ...property(name, one, args),
          description: textOf(name, args) + changeOf(args.get(name)),
          ...(one.replaces && { willReplaceOnChanges: true }),
        },
      ]),
    ),
    requiredInputs: given.filter(([, one]) => one.required).map(([name]) => name),
    properties: {
      ...Object.fromEntries(shown.map(([name, one]) => [name, property(name, one, members, args)])),
      ...Object.fromEntries(
        urls.map((name) => [name, { description: textOf(name, members), type: "string", secret: true }]),
      ),
    },
    // What SDKs of other languages need not check for.
    required: [
      ...shown.filter(([name, one]) => members.get(name)?.isAlways || (one.exposed && one.default !== undefined)),
      ...urls.map((name) => [name]),
    ].map(([name]) => name),
  };
}

/** Those that a resource, a function or a type refers to. */
function enumsIn(all: object): NamedTypes {
  const text = JSON.stringify(all);
  return Object.fromEntries(
    Object.entries(ENUMS)
      .filter(([name]) => text.includes(`"${refTo(name)}"`))
      .map(([name, { text: description, values }]) => [
        `proxies-sx:index:${name}`,
        { description, type: "string", enum: values.map((value) => ({ value })) },
      ]),
  );
}
