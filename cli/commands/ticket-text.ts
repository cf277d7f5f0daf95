import { type Ticket, TICKET_TEXT } from "../../api";
import { moment } from "../../dashboard/wording";
import { clean, Redactor } from "../../text";
import { table } from "../terminal/table";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { isoTime } from "../../domain/lease";

/** For a program. */
export const ticketFacts = ({ createdAt, updatedAt, replies, ...ticket }: Ticket) => ({
  ...ticket,
  createdAt: isoTime(createdAt),
  updatedAt: isoTime(updatedAt),
  replies: replies.map(({ createdAt: at, ...reply }) => ({ ...reply, createdAt: isoTime(at) })),
});

const time = (at: number | undefined): string => (at === undefined ? "-" : moment(at));

export const ticketTable = (tickets: Ticket[], width: number): string =>
  table(
    ["TICKET", "STATUS", "PRIORITY", "UPDATED", "LAST WORD", "SUBJECT"],
    tickets.map(({ id, status, priority, updatedAt, createdAt, replies, subject }) => [
      id,
      status ?? "-",
      priority ?? "-",
      time(updatedAt ?? createdAt),
      replies.length === 0 ? "-" : replies.at(-1)?.isFromSupport ? "support" : "you",
      subject ?? "-",
    ]),
    width,
    1,
  );

/** For a person: the question and each answer, a paragraph each. */
export function ticketText({
  id,
  subject = "-",
  status,
  category,
  priority,
  message,
  createdAt,
  replies,
}: Ticket): string {
  const about = [status, category, priority && `priority ${priority}`].filter((word) => word !== undefined);
  const said = (who: string, at: number | undefined, text = "-") =>
    `${who}, ${time(at)}:\n  ${clean(text, { max: TICKET_TEXT.message[1] })}`;
  return [
    `Ticket ${clean(id)}: ${clean(subject)}\n${about.map((word) => clean(word)).join(", ")}`,
    said("you", createdAt, message),
    ...replies.map((reply) => said(reply.isFromSupport ? "support" : "you", reply.createdAt, reply.message)),
  ].join("\n\n");
}

/** The id of one ticket among the arguments. @throws UsageError that does not repeat what is none: it may be a key */
export function ticketIdIn([id, ...more]: string[], command: string): string {
  if (id === undefined || more.length > 0)
    throw new UsageError(`name one ticket: proxies-sx tickets ${command} TICKET`);
  if (!/^(?!psx_)[\w-]{1,100}$/i.test(id)) throw new UsageError("a ticket's id is letters, digits, _ and -");
  return id;
}

/** What --message says, or standard input where it is "-". */
export async function messageIn(given: string, part: "message" | "reply", terminal: Terminal): Promise<string> {
  return checkedText((given === "-" ? await terminal.input() : given).trim(), part, "--message");
}

/** @throws UsageError where the vendor would not take it */
export function checkedText(text: string, part: keyof typeof TICKET_TEXT, option: string): string {
  const [least, most] = TICKET_TEXT[part];
  if (text.length < least || text.length > most) throw new UsageError(`${option} takes ${least} to ${most} characters`);
  return text;
}

/** Whoever works for the vendor reads it. @throws UsageError */
export function refuseSecret(texts: string[], apiKey: string, { env }: Terminal): void {
  const redactor = new Redactor([apiKey, env.PROXIES_API_KEY, env.AGENT_WALLET_KEY?.replace(/^0x/i, "")]);
  if (texts.some((text) => redactor.cut(text) !== text))
    throw new UsageError("the text holds a key, which nobody at the vendor needs: take it out");
}
