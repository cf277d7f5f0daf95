import { ApiError } from "../../api";
import { buyWithPatience, type Obtained } from "../../provider/port/obtain";
import { type Session } from "../../provider/run/session";

const REFUSED = new ApiError({
  code: "forbidden",
  method: "POST",
  endpoint: "/v1/ports",
  reason: "No available shared port slots",
  sent: "yes",
  maybeDone: false,
} as never);
const BOUGHT = { port: { id: "bought" }, whole: true } as Obtained;

/** What was said of the progress of the last one. */
const said: string[] = [];

/** An order that is refused so often; what was done is written down. */
async function buy(refusals: number, lacks: boolean, rooms = 0, refusal: Error = REFUSED) {
  const done: string[] = [];
  said.length = 0;
  const order = async (): Promise<Obtained> => {
    done.push("order");
    if (refusals-- > 0) throw refusal;
    return BOUGHT;
  };
  const session = {
    slots: { taken: (_: string, work: () => unknown) => work(), lacks: async () => lacks },
    progress: (text: string) => said.push(text),
    sleep: async (ms: number) => void done.push(`${ms / 1_000} s`),
  } as unknown as Session;
  const makeRoom = async (): Promise<boolean> => (done.push("room"), rooms-- > 0);
  const { port } = await buyWithPatience(order, "shared", {}, session, makeRoom);
  return [...done, port.id];
}

test("a slot that is freed a little later is waited for, and nobody makes room at once", async () => {
  expect(await buy(1, true, 1)).toEqual(["order", "1 s", "order", "bought"]);
  expect(said).toEqual(["waiting for the slot that was freed, 1 s"]);
});

test("an order that may have been done is not sent again, and none that something else stopped", async () => {
  for (const error of [REFUSED.but({ maybeDone: true, status: 500, code: "server_error" }), new Error("no disk")]) {
    await expect(buy(1, true, 1, error)).rejects.toBe(error);
    expect(said).toEqual([]);
  }
});

test("where another took the slot, room is made at the second refusal", async () => {
  expect(await buy(2, true, 1)).toEqual(["order", "1 s", "order", "room", "order", "bought"]);
});

test("no room is made where there are slots, and the wait goes on where there is none to make", async () => {
  expect(await buy(2, false, 1)).toEqual(["order", "1 s", "order", "2 s", "order", "bought"]);
  expect(await buy(2, true)).toEqual(["order", "1 s", "order", "room", "2 s", "order", "bought"]);
});

test("in the end the refusal is reported", async () => {
  await expect(buy(99, true)).rejects.toBe(REFUSED);
});
