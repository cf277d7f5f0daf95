import { answerOf } from "../../mcp/answer";
import { Redactor } from "../../text";

describe("an answer to an agent", () => {
  const limits = { showSecrets: true } as Parameters<typeof answerOf>[2];

  test("shows line ends and tabs of a text from outside, each on its one line", () => {
    const { text, structured } = answerOf({ said: "1 port", data: { id: "a\tb\nc" } }, new Redactor([]), limits);
    expect([text, structured]).toEqual(["1 port\n\nid: a\\tb\\nc", { id: "a\\tb\\nc" }]);
  });

  test("keeps the lines of a diff", () => {
    const { text } = answerOf({ said: "a change", data: { diff: "-one\n+two" } }, new Redactor([]), limits);
    expect(text).toBe("a change\n\ndiff:\n  -one\n  +two");
  });
});
