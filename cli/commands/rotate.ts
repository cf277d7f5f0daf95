import { type Api, type CanRotate, isApiError, type Port } from "../../api";
import { count } from "../../dashboard/wording";
import { describeSpan } from "../../domain/duration";
import { rotateOnce } from "../../provider/rotate-once";
import { redactorOf } from "../../report/port-facts";
import { clean, messageOf } from "../../text";
import {
  NAMED_PORTS_HELP,
  NAMED_PORTS_OPTIONS,
  type NamedPort,
  type NamedPortsArguments,
  namedPortsArguments,
  portsNamed,
  whyUnknown,
} from "../state/named-ports";
import { withApi } from "../state/open-api";
import { parseArguments } from "../terminal/arguments";
import { agreed, CONSENT_HELP, CONSENT_OPTIONS, requireConsent } from "../terminal/consent";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { concernsAll } from "./concerns-all";
import { isoTime } from "../../domain/lease";

const HELP = `Usage: proxies-sx rotate PORT... [options]

Gives ports a new public address now. The vendor is asked first whether each may rotate: the cooldown after a rotation
is 5 minutes for a shared port and 1 minute for a private one. The new address of a private port comes 10 to 30 seconds
later. The command does not wait for a cooldown. A rotation is never retried blindly: after a lost response the port's
count of rotations shows whether it was done.

${CONSENT_HELP}
${NAMED_PORTS_HELP}
The key needs the scopes ports:read and ports:rotate.

Exit code: 0 all have rotated, 1 at least one has not, 2 wrong usage, 3 it could not be determined.`;

const OPTIONS = { ...CONSENT_OPTIONS, ...NAMED_PORTS_OPTIONS } as const;

interface RotateArguments extends NamedPortsArguments {
  yes: boolean;
}

/** New addresses now. */
export function rotateCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = async (args: RotateArguments): Promise<number> => {
    requireConsent(args, terminal);
    return withApi({ ...args, changes: true }, terminal, async (api) =>
      rotate(await portsNamed(args, terminal), args, api, terminal),
    );
  };
  return runCommand({ name: "rotate", help: HELP, read: readArguments, run }, argv, terminal);
}

function readArguments(argv: string[]): RotateArguments | "help" {
  const { values, positionals } = parseArguments(argv, OPTIONS, { allowPositionals: true });
  if (values.help) return "help";
  return { ...namedPortsArguments("rotate", values, positionals), yes: values.yes ?? false };
}

/** What became of one port. "resting": it may not rotate yet. */
interface Outcome extends NamedPort {
  result: "rotated" | "resting" | "refused" | "gone" | "failed" | "not tried" | "not wanted";
  oldIp?: string;
  newIp?: string;
  reason?: string;
  cooldownSeconds?: number;
  /** ISO 8601. */
  nextRotationAt?: string;
}

async function rotate(named: NamedPort[], args: RotateArguments, api: Api, terminal: Terminal): Promise<number> {
  const looks = await Promise.all(named.map(async (one) => ({ one, ...(await lookAt(one, api)) })));
  const ready = looks.filter(({ port }) => port !== undefined).length;
  const mayGo = ready > 0 && (await agreed(args, terminal, questionOf(looks, ready)));
  const outcomes: Outcome[] = [];
  let stop = false;
  for (const { one, port, outcome } of looks) {
    if (port === undefined) outcomes.push(outcome);
    else if (!mayGo) outcomes.push({ ...one, result: "not wanted" });
    else if (stop)
      outcomes.push({ ...one, result: "not tried", reason: "the one before it failed for a reason that concerns all" });
    else {
      const done = await rotateOne(one, port, api).catch((error: unknown) => {
        stop = concernsAll(error);
        return failureOf(one, error);
      });
      outcomes.push(done);
    }
  }
  tell(args, terminal, { json: outcomes, text: (width) => tableOf(outcomes, width) });
  return outcomes.every(({ result }) => result === "rotated") ? EXIT.fine : EXIT.attention;
}

/** The port if it can rotate, else why it does not. */
type Look = { port: Port; outcome?: undefined } | { port?: undefined; outcome: Outcome };

async function lookAt(one: NamedPort, api: Api): Promise<Look> {
  const port = await api.ports.get(one.id);
  if (port === undefined)
    return { outcome: { ...one, result: one.account ? "not tried" : "gone", reason: whyUnknown(one) } };
  const can = await api.rotation.canRotate(one.id);
  return can.canRotate ? { port } : { outcome: { ...one, ...restOf(can, port) } };
}

function restOf({ reason, cooldownRemaining, nextRotationAt }: CanRotate, port: Port): Omit<Outcome, "id"> {
  return {
    result: cooldownRemaining === undefined ? "refused" : "resting",
    ...(reason !== undefined && { reason: redactorOf(port).line(reason) }),
    ...(cooldownRemaining !== undefined && { cooldownSeconds: Math.ceil(cooldownRemaining) }),
    ...(nextRotationAt !== undefined && { nextRotationAt: isoTime(nextRotationAt) }),
  };
}

async function rotateOne(one: NamedPort, port: Port, api: Api): Promise<Outcome> {
  const told = await rotateOnce(port, api, (id) => api.ports.get(id));
  const { success = true, message, oldIp, newIp } = told ?? {};
  const words = message === undefined ? undefined : redactorOf(port).line(message);
  if (!success) return { ...one, result: "refused", reason: words ?? "the vendor refused" };
  const note =
    told === undefined
      ? "the answer was lost, and the port's count of rotations has grown"
      : newIp === undefined
        ? words
        : undefined;
  return {
    ...one,
    result: "rotated",
    ...(oldIp !== undefined && { oldIp }),
    ...(newIp !== undefined && { newIp }),
    ...(note !== undefined && { reason: note }),
  };
}

function failureOf(one: NamedPort, error: unknown): Outcome {
  const reason = clean(messageOf(error), { max: 600 });
  if (isApiError(error, "not_found")) return { ...one, result: "gone", reason };
  if (isApiError(error, "rate_limited") && error.retryAfterSeconds !== undefined)
    return { ...one, result: "resting", reason, cooldownSeconds: error.retryAfterSeconds };
  return { ...one, result: "failed", reason };
}

function questionOf(looks: Look[], ready: number): string {
  const left = looks.length - ready;
  const note = left > 0 ? ` ${count(left, "port")} cannot rotate now.` : "";
  return `Rotate ${count(ready, "port")}? Clients get another address, and open connections may break.${note}`;
}

function tableOf(outcomes: Outcome[], width: number): string {
  const rows = outcomes.map(({ id, name, result, newIp, reason, cooldownSeconds }) => [
    id,
    ...(outcomes.some((one) => one.name !== undefined) ? [name ?? "-"] : []),
    cooldownSeconds === undefined ? result : `${result} ${describeSpan(cooldownSeconds)}`,
    newIp ?? "-",
    reason ?? "",
  ]);
  const hasNames = outcomes.some(({ name }) => name !== undefined);
  return table(["ID", ...(hasNames ? ["NAME"] : []), "RESULT", "NEW ADDRESS", ""], rows, width, 1);
}
