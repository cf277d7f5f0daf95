import { connectionUrl } from "../../domain/connection-url";

const FACTS = { host: "1.2.3.4", httpPort: 8000, socksPort: 9000, login: "team a", password: "p@ss/word" };

test("a URL is made of its parts, escaped", () => {
  expect(connectionUrl("http", FACTS)).toBe("http://team%20a:p%40ss%2Fword@1.2.3.4:8000");
  expect(connectionUrl("socks5", { ...FACTS, host: "::1" })).toBe("socks5://team%20a:p%40ss%2Fword@[::1]:9000");
});

test.each(["host", "httpPort", "login", "password"])("without %s there is none", (part) => {
  expect(connectionUrl("http", { ...FACTS, [part]: undefined })).toBeUndefined();
});
