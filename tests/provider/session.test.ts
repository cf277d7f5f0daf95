import { type Account, ApiError } from "../../api";
import { Session } from "../../provider/run/session";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const refused = (code: "unauthorized" | "forbidden"): ApiError =>
  new ApiError({ code, reason: "refused", sent: "refused" });

/** A session that knows the vendor's time from the first call on, if the answer to that has it. */
function session(tells: boolean, answer: () => Promise<Account>): { session: Session; asked: () => number } {
  const one = new Session({ apiKey: `psx_${"0".repeat(32)}`, apiUrl: "http://127.0.0.1:9" });
  let asked = 0;
  jest.spyOn(one.api, "serverNow").mockImplementation(() => (tells && asked > 0 ? NOW : undefined));
  jest.spyOn(one.api.account, "get").mockImplementation(() => ((asked += 1), answer()));
  return { session: one, asked: () => asked };
}
afterEach(() => jest.restoreAllMocks());

describe("the vendor's time", () => {
  it("is asked for once, by a call that others share", async () => {
    const one = session(true, async () => ({}));
    expect([await one.session.now(), await one.session.now()]).toEqual([NOW, NOW]);
    expect(one.asked()).toBe(1);
  });

  it("is this machine's where no answer has it", async () => {
    jest.spyOn(Date, "now").mockReturnValue(5);
    expect(await session(false, async () => ({})).session.now()).toBe(5);
  });

  it("is taken from a refusal too", async () => {
    expect(await session(true, () => Promise.reject(refused("forbidden"))).session.now()).toBe(NOW);
  });

  it("is not taken where the key is refused: nothing after it would go well", async () => {
    await expect(session(true, () => Promise.reject(refused("unauthorized"))).session.now()).rejects.toThrow("refused");
  });

  it("is asked for elsewhere where the account cannot be asked, and is not known where nothing can", async () => {
    const one = session(false, () => Promise.reject(refused("forbidden"))).session;
    const look = jest.spyOn(one.reference, "askAgain").mockResolvedValue([]);
    jest.spyOn(Date, "now").mockReturnValue(5);
    expect(await one.now()).toBe(5);
    look.mockRejectedValue(refused("unauthorized"));
    await expect(one.now()).rejects.toThrow("refused");
  });
});
