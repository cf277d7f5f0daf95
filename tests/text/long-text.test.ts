import { readArguments as readAdoptArguments } from "../../cli/commands/adopt-arguments";
import { exportCommand } from "../../cli/commands/export";
import { readArguments as readExportArguments } from "../../cli/commands/export-arguments";
import { literal } from "../../text/literal";
import { readArguments as readOrphansArguments } from "../../cli/commands/orphans-arguments";
import { planCommand } from "../../cli/commands/plan";
import { readPlanArguments } from "../../cli/commands/plan-arguments";
import { parseState } from "../../cli/state/stack-state";
import { checkNames } from "../../provider/input-names";
import { checkOsFingerprint } from "../../provider/input-values";
import { findCountry } from "../../provider/run/reference";
import { parseDuration } from "../../domain/duration";
import { backendIn, currentLoginIn } from "../../provider/purchase/owner-key";
import { readSettings } from "../../provider/run/account-settings";
import { fits } from "../../review/limit-rules";
import { parseLimits } from "../../review/limits";
import { planMarkdown } from "../../review/markdown";
import { makePlan } from "../../review/plan";
import { parsePreview } from "../../review/preview";
import { settleFleet } from "../../sdk/fleet/args";
import { asJson, clean, cleanLines, Redactor, withoutCommands } from "../../text";
import { credentials, exported, proxyPort } from "../cli/exported";
import { hearing } from "../cli/terminal";
import { account, recordedText } from "../review/recordings";
import { readInLinearTime, LONG } from "./linear-time";
import { someOf } from "../cases";

jest.setTimeout(300_000);

/** All of the package but api and emulator, whose tests do the same, meets long texts. */
const PIECES = someOf(["a", " ", "\n", "::", ".", "/", "-", "9", "%41", '"', "&amp;", "é"]);
const TEXTS = PIECES.map((piece) => piece.repeat(LONG / piece.length));
const COUNTRIES = [{ id: "1".repeat(24), name: "Germany", code: "DE", iso3: "DEU" }];

/** What looks at one text. */
const LOOKS: Record<string, (text: string) => unknown> = {
  clean: (text) => [clean(text), cleanLines(text), withoutCommands(text), asJson({ [text]: text })],
  "redactor of a long secret": (text) => new Redactor([text.slice(0, LONG / 64)]).line(text),
  "redactor of a short one": (text) => new Redactor(["psx_secret_of_long_texts"]).line(text),
  "redactor of many": (text) =>
    new Redactor(Array.from({ length: 2_000 }, (_, at) => `${text.slice(0, 40)}${at}`)).line(text),
  duration: (text) => [text, `1${text}x`, `1${text}`, `${text}1d`, `1.${text}`].map(parseDuration),
  "an input's name": (text) => checkNames({ [text]: 1 }, ["country", "carrier"]),
  "an OS fingerprint": (text) => checkOsFingerprint(text),
  country: (text) => findCountry(COUNTRIES, text),
  "settings of a stack": (text) => readSettings((name) => (name.endsWith("Url") ? text : `psx_${text}`), {}),
  "a project's file": (text) => [backendIn(text), backendIn(`backend:${text}`), backendIn(`backend:\n url: ${text}`)],
  "the file of a login": (text) => [currentLoginIn(text), currentLoginIn(`"current"${text}`)],
  "a stack that limits protect": (text) => [fits(text, "*a*a*a*a*b"), fits("prod", text), fits(text, `${text}*`)],
  "limits that are no JSON": (text) => parseLimits(text, "limits.json"),
  limits: (text) => parseLimits(JSON.stringify({ countries: [text], maxLease: text, [text]: text }), "limits.json"),
  "arguments of commands": async (text) => {
    for (const read of [readAdoptArguments, readExportArguments, readOrphansArguments, readPlanArguments])
      for (const argv of [[text], [`--${text}`], ["--stack", text], ["--format", text]])
        await readInLinearTime("arguments", () => read(argv));
    literal(text);
  },
  fleet: (text) =>
    settleFleet("fleet", {
      size: 1,
      locations: [{ country: text, carrier: text }],
      lease: { duration: text },
    } as never),
  "a preview that is none": (text) => parsePreview(text, "preview"),
  "a state that is none": (text) => parseState("dev", text),
};

/** A JSON value, with the next text behind the first word of each name: one at a time. */
function* spoilt(json: string, next: () => string): Generator<[string, string]> {
  const names = new Set<string>();
  JSON.parse(json, (name, value: unknown) => {
    if (typeof value === "string" && !/^\d+$/.test(name)) names.add(name);
    return value;
  });
  for (const wanted of someOf([...names])) {
    let done = false;
    const text = next();
    yield [
      wanted,
      JSON.stringify(JSON.parse(json), (name, value: unknown) => {
        if (done || name !== wanted || typeof value !== "string") return value;
        done = true;
        return value + text;
      }),
    ];
  }
}

test.each(Object.entries(LOOKS))("%s", async (name, look) => {
  for (const [at, text] of TEXTS.entries()) await readInLinearTime(`${name}, ${PIECES[at]}`, () => look(text));
});

describe("each field of a document in turn", () => {
  let turn = 0;
  const next = (): string => TEXTS[(turn += 1) % TEXTS.length] as string;

  test.each(["mixed", "refused"])("the preview %s", async (name) => {
    for (const [field, input] of spoilt(recordedText(name), next)) {
      await readInLinearTime(field, async () => planMarkdown(await makePlan(parsePreview(input, "p"), account(), {})));
      await readInLinearTime(field, () => planCommand(["-"], hearing({}, { input })));
    }
  });

  test("a state", async () => {
    const state = exported([proxyPort("a"), credentials("a"), proxyPort("b", { status: "expired" })]);
    for (const [field, input] of spoilt(state, next)) {
      await readInLinearTime(field, () => parseState("dev", input));
      await readInLinearTime(field, () => exportCommand(["--state", "-", "--show-secrets"], hearing({}, { input })));
    }
  });
});
