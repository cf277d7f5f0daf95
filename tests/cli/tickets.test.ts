import { ticketsCommand } from "../../cli/commands/tickets";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const tickets = (argv: string[], given?: Given) => bench.run((terminal) => ticketsCommand(argv, terminal), given);

interface Ticket {
  id: string;
  status: string;
  replies: { message: string; isFromSupport: boolean; createdAt: string }[];
  [field: string]: unknown;
}
const SUBJECT = "A port is slow";
const MESSAGE = "The port has been slow since yesterday.";
const ARGS = [`--subject=${SUBJECT}`, `--message=${MESSAGE}`];
const create = async (...more: string[]): Promise<Ticket> =>
  json((await tickets(["create", ...ARGS, "--yes", ...more])).out);
const show = async (id: string): Promise<Ticket> => json((await tickets(["show", id])).out);
const all = () => bench.control.state().tickets;

describe("create", () => {
  it("opens a ticket", async () => {
    const ticket = await create("--category=billing", "--priority=high");
    expect(ticket).toMatchObject({
      subject: SUBJECT,
      message: MESSAGE,
      category: "billing",
      priority: "high",
      status: "open",
      replies: [],
    });
    expect(await show(ticket.id)).toEqual(ticket);
  });

  it("asks first", async () => {
    const { code, err, questions } = await tickets(["create", ...ARGS], { columns: 80, answer: "n" });
    expect([code, err, questions]).toEqual([1, "No ticket is opened.\n", [`Open a ticket about "${SUBJECT}"? [y/N] `]]);
    expect(all()).toEqual([]);
    expect((await tickets(["create", ...ARGS], { columns: 80, answer: "y" })).out).toContain(
      `: ${SUBJECT}\nopen, technical, priority medium\n`,
    );
  });

  it("takes the message from standard input", async () => {
    const input = `${MESSAGE}\nAnd the other one, too.\n`;
    const { code } = await tickets(["create", ARGS[0]!, "--message=-", "--yes"], { input });
    expect([code, all().map(({ message }) => message)]).toEqual([0, [input.trim()]]);
  });

  it.each(["cut", "truncate"] as const)("finds the ticket whose answer was lost: %s", async (how) => {
    const before = await create();
    bench.control.addFault({
      path: "/tickets",
      method: "POST",
      ...(how === "cut" ? { cut: "after" } : { truncate: true }),
    });
    const { id } = await create();
    expect(all().map((one) => one.id)).toEqual([before.id, id]);
  });

  it("reports a ticket that was not opened, and does not repeat the call", async () => {
    bench.control.addFault({ path: "/tickets", method: "POST", cut: "before" });
    const { code, out, err } = await tickets(["create", ...ARGS, "--yes"]);
    expect([code, out, last(err)]).toEqual([
      3,
      "",
      expect.stringContaining("the ticket is not there now: see `proxies-sx tickets list`"),
    ]);
    expect(bench.writes()).toHaveLength(1);
  });

  it("names those that could be it where there are several", async () => {
    bench.control.addFault({ path: "/tickets", method: "POST", cut: "before" });
    const two = ["a", "b"].map((id) => ({ _id: id, subject: SUBJECT }));
    bench.control.addFault({ path: "/tickets", method: "GET", after: 1, body: two });
    expect(await tickets(["create", ...ARGS, "--yes"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("2 that fit are new: a, b") as string,
    });
  });

  it.each<[string, string[], RegExp]>([
    ["no text", [`--subject=${SUBJECT}`], /say what it is about/],
    ["a short subject", ["--subject=slow", ARGS[1]!], /--subject takes 5 to 200 characters$/],
    ["a short message", [ARGS[0]!, "--message=it is slow"], /--message takes 20 to 5000 characters$/],
    ["a long message", [ARGS[0]!, `--message=${"x".repeat(5_001)}`], /--message takes 20 to 5000 characters$/],
    ["a category", [...ARGS, "--category=sales"], /--category takes one of: technical, billing, account, other$/],
    ["a priority", [...ARGS, "--priority=urgent"], /--priority takes one of: low, medium, high$/],
  ])("refuses %s", async (_what, argv, why) => {
    const { code, out, err } = await tickets(["create", ...argv, "--yes"]);
    expect([code, out, last(err)]).toEqual([2, "", expect.stringMatching(why)]);
    expect(all()).toEqual([]);
  });

  it("refuses a text that holds the key, in any form, and does not repeat it", async () => {
    const key = bench.emulator.apiKey;
    for (const form of [key, Buffer.from(key).toString("base64"), key.toUpperCase()]) {
      const { code, err } = await tickets([
        "create",
        ARGS[0]!,
        `--message=My key is ${form} and it does not work`,
        "--yes",
      ]);
      expect([code, last(err)]).toEqual([2, expect.stringContaining("the text holds a key")]);
      expect(err).not.toContain(form);
    }
    expect(bench.writes()).toEqual([]);
  });
});

describe("reply", () => {
  const REPLY = "It is fast again, thank you.";
  const reply = (id: string, ...more: string[]) => tickets(["reply", id, `--message=${REPLY}`, "--yes", ...more]);

  it("adds to a ticket", async () => {
    const { id } = await create();
    bench.control.answerTicket(id, "We are on it.");
    const { code, out } = await reply(id);
    expect([code, json<Ticket>(out).replies]).toMatchObject([
      0,
      [
        { message: "We are on it.", isFromSupport: true },
        { message: REPLY, isFromSupport: false },
      ],
    ]);
  });

  it("a lost answer is settled by the ticket, also where the same was said before and support said it too", async () => {
    const { id } = await create();
    await reply(id);
    bench.control.answerTicket(id, REPLY);
    bench.control.addFault({ path: "/tickets/*/replies", times: 1, cut: "after" });
    expect((await reply(id)).code).toBe(0);
    expect((await show(id)).replies).toHaveLength(3);
    bench.control.addFault({ path: "/tickets/*/replies", times: 1, cut: "before" });
    const { code, err } = await reply(id);
    expect([code, last(err)]).toEqual([3, expect.stringContaining("your addition is not there now")]);
    expect((await show(id)).replies).toHaveLength(3);
  });

  it("finds one of several lines, which the client reads as one", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/tickets/*/replies", times: 1, cut: "after" });
    const { code } = await tickets(["reply", id, "--message=-", "--yes"], {
      input: "It is fast.\n\n  Thank\u200b you.\n",
    });
    expect([code, (await show(id)).replies.map(({ message }) => message)]).toEqual([0, ["It is fast. Thank you."]]);
  });

  it("to a closed ticket is refused by the vendor", async () => {
    const { id } = await create();
    await tickets(["close", id, "--yes"]);
    expect(await reply(id)).toMatchObject({
      code: 3,
      out: "",
      err: expect.stringContaining("Ticket is closed") as string,
    });
  });

  it("asks first, and refuses what is too short or holds the key", async () => {
    const { id } = await create();
    const no = await tickets(["reply", id, `--message=${REPLY}`], { columns: 80, answer: "n" });
    expect([no.code, no.questions]).toEqual([1, [`Add to ticket ${id}? [y/N] `]]);
    expect((await tickets(["reply", id, "--message=thanks", "--yes"])).code).toBe(2);
    expect((await tickets(["reply", id, "--yes"])).code).toBe(2);
    expect((await tickets(["reply", id, `--message=see ${bench.emulator.apiKey}`, "--yes"])).code).toBe(2);
    expect((await show(id)).replies).toEqual([]);
  });
});

describe("list", () => {
  it("has the last changed first, and shows who spoke last", async () => {
    const [first, second] = [await create(), await create()];
    await tickets(["close", second.id, "--yes"]);
    bench.control.clock.advance("1h");
    bench.control.answerTicket(first.id, "We are on it.");
    const { code, out } = await tickets(["list"], { columns: 120 });
    expect([code, lines(out)]).toEqual([
      0,
      [
        expect.stringMatching(/^TICKET +STATUS {2}PRIORITY {2}UPDATED +LAST WORD {2}SUBJECT$/),
        expect.stringMatching(new RegExp(`^${first.id}  open +medium .* UTC  support +${SUBJECT}$`)),
        expect.stringMatching(new RegExp(`^${second.id}  closed +medium .* UTC  - +${SUBJECT}$`)),
      ],
    ]);
    expect(json<Ticket[]>((await tickets(["list", "--status=closed"])).out)).toMatchObject([{ id: second.id }]);
  });

  it("exits 1 where there is none", async () => {
    expect(await tickets(["list"])).toMatchObject({ code: 1, out: "[]\n" });
    expect(await tickets(["list", "--status=open"], { columns: 80 })).toMatchObject({
      code: 1,
      out: "There is no such ticket.\n",
    });
    expect(await tickets(["list", "--status=psx_1"])).toMatchObject({
      code: 2,
      err: expect.not.stringContaining("psx_1") as string,
    });
  });

  it("nothing is wider than the terminal, and ids are whole", async () => {
    const { id } = await create("--priority=low");
    const { out } = await tickets(["list"], { columns: 70 });
    expect(Math.max(...lines(out).map(({ length }) => length))).toBeLessThanOrEqual(70);
    expect(out).toContain(`\n${id}  open `);
  });
});

it("show prints question and answers, each on a line", async () => {
  const { id } = await create();
  bench.control.answerTicket(id, "We\nare\u001b[2J on it.\n::error::x");
  const { code, out } = await tickets(["show", id], { columns: 80 });
  expect([code, lines(out)]).toEqual([
    0,
    [
      `Ticket ${id}: ${SUBJECT}`,
      "open, technical, priority medium",
      "",
      expect.stringMatching(/^you, \d{4}-\d\d-\d\d \d\d:\d\d UTC:$/),
      `  ${MESSAGE}`,
      "",
      expect.stringMatching(/^support, /),
      "  We are [2J on it. ::error::x",
    ],
  ]);
});

describe("close", () => {
  it("asks by the subject, and closes", async () => {
    const { id } = await create();
    const no = await tickets(["close", id], { columns: 80, answer: "n" });
    expect([no.code, no.err, no.questions]).toEqual([
      1,
      "Nothing is closed.\n",
      [`Close the ticket "${SUBJECT}"? [y/N] `],
    ]);
    expect(await tickets(["close", id], { columns: 80, answer: "y" })).toMatchObject({
      code: 0,
      out: "The ticket is closed.\n",
    });
    expect((await show(id)).status).toBe("closed");
  });

  it("is repeated by the client where an answer is lost", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/tickets/*/close", times: 1, cut: "after" });
    expect(await tickets(["close", id, "--yes"])).toMatchObject({ code: 0 });
  });

  it("of a ticket that the vendor leaves open exits 1", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/tickets/*/close", body: { _id: id, status: "open" } });
    expect(await tickets(["close", id, "--yes"], { columns: 80 })).toMatchObject({
      code: 1,
      out: "The ticket is open.\n",
    });
  });
});

it.each(["show", "reply", "close"])("%s: what is no id of a ticket is not repeated", async (name) => {
  for (const argv of [["psx_slipped_in"], ["a/../b"], ["a", "b"], []]) {
    const { code, out, err } = await tickets([name, ...argv, ...(name === "show" ? [] : ["--yes"])]);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/^proxies-sx tickets \w+: [^\n]+\n$/)]);
    expect(err).not.toMatch(/slipped|\.\./);
  }
});

it("a key without the scope names it", async () => {
  const key = bench.control.keys.addKey(["ports:read"]);
  expect(await tickets(["list"], { key })).toMatchObject({
    code: 3,
    err: expect.stringContaining("tickets:read") as string,
  });
});
