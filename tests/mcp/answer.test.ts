import { answerOf } from "../../mcp/answer";
import { Redactor } from "../../text";

describe("an answer to an agent", () => {
  const limits = { showSecrets: true } as Parameters<typeof answerOf>[2];

  test("shows line ends and tabs of a text from outside, each on its one line", () => {
    const { text, structured } = answerOf({ said: "1 port", data: { id: "a\tb\nc" } }, new Redactor([]), limits);
    expect([text, structured]).toEqual(["1 port\n\nid: a\\tb\\nc", { id: "a\\tb\\nc" }]);
  });

  test("shows the first 250 of a list, and says how many it leaves out: an account may have thousands of ports", () => {
    const ports = Array.from({ length: 2_001 }, (_, at) => ({ id: `p${at}` }));
    const data = { total: 2_001, ports, traffic: { shared: { byPort: ports } }, few: ports.slice(0, 250) };
    const { text, structured } = answerOf({ said: "2001 ports.", data }, new Redactor([]), limits);
    expect(structured.ports).toEqual(ports.slice(0, 250));
    expect(structured.few).toHaveLength(250);
    expect(structured.notShown).toEqual({ ports: 1_751, "traffic.shared.byPort": 1_751 });
    expect(text).toContain("notShown:\n  ports: 1751\n");
    expect(text).not.toContain("p250");
  });

  test("keeps the lines of a diff", () => {
    const { text } = answerOf({ said: "a change", data: { diff: "-one\n+two" } }, new Redactor([]), limits);
    expect(text).toBe("a change\n\ndiff:\n  -one\n  +two");
  });
});
