import { ApiError, checkApiKey, createApi, DEFAULT_API_URL, normaliseApiUrl } from "../../api";

describe("the key", () => {
  test.each([
    ["psx_0123456789abcdef", undefined],
    ["psx_a.b-c_D~1", undefined],
    [undefined, "is missing"],
    ["", "is missing"],
    [12345678, "must be a string"],
    ["sk_live_12345678", 'must start with "psx_"'],
    [" psx_12345678", "white space"],
    ["psx_12345678\n", "white space"],
    ["psx_1234 5678", "white space"],
    ["psx_schlüssel", "printable ASCII"],
    ["psx_\u0000abcdef", "printable ASCII"],
    ["psx_1", "8 to 512"],
    [`psx_${"x".repeat(600)}`, "8 to 512"],
  ])("%j", (key, rule) => {
    const problem = checkApiKey(key);
    if (rule === undefined) expect(problem).toBeUndefined();
    else expect(problem).toContain(rule);
    if (key) expect(problem ?? "").not.toContain(String(key));
  });

  test("createApi says the rule, not the key", () => {
    expect(() => createApi({ apiKey: "canary-key" })).toThrow('the API key must start with "psx_" (invalid_input)');
  });
});

describe("the URL", () => {
  test.each([
    [DEFAULT_API_URL, "https://api.proxies.sx"],
    ["https://api.proxies.sx/", "https://api.proxies.sx"],
    ["https://api.proxies.sx/v1", "https://api.proxies.sx"],
    ["https://api.proxies.sx/v1/", "https://api.proxies.sx"],
    ["https://api.proxies.sx//v1//", "https://api.proxies.sx"],
    ["https://api.proxies.sx/v1/v1", "https://api.proxies.sx"],
    [" https://API.proxies.sx ", "https://api.proxies.sx"],
    ["https://gateway.example:8443/proxies/v1", "https://gateway.example:8443/proxies"],
    ["http://localhost:4010", "http://localhost:4010"],
    ["http://127.0.0.1:4010/v1", "http://127.0.0.1:4010"],
    ["http://127.8.8.8", "http://127.8.8.8"],
    ["http://[::1]:4010", "http://[::1]:4010"],
  ])("%s", (url, base) => expect(normaliseApiUrl(url)).toBe(base));

  test.each([
    ["http://api.proxies.sx", "localhost only"],
    ["http://192.168.0.1", "localhost only"],
    ["http://localhost.evil.example", "localhost only"],
    ["http://127.0.0.1.evil.example", "localhost only"],
    ["http://0.0.0.0", "localhost only"],
    ["http://[::ffff:1.2.3.4]", "localhost only"],
    ["https://user:canary@api.proxies.sx", "credentials"],
    ["https://api.proxies.sx?x=1", "query"],
    ["https://api.proxies.sx#x", "fragment"],
    ["ftp://api.proxies.sx", "https://"],
    ["api.proxies.sx", "URL such as"],
    ["", "URL such as"],
  ])("%s is refused: %s", (url, rule) => {
    let error: unknown;
    try {
      normaliseApiUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "invalid_input", message: expect.stringContaining(rule) as string });
    expect((error as Error).message).not.toMatch(/canary|\n/);
  });
});

test.each([
  [{ timeoutMs: 0 }, "timeoutMs must be a number above 0"],
  [{ deadlineMs: -1 }, "deadlineMs must be a number above 0"],
  [{ queueMs: 0 }, "queueMs must be a number above 0"],
  [{ maxConcurrent: NaN }, "maxConcurrent must be a number above 0"],
  [{ maxBodyBytes: Infinity }, "maxBodyBytes must be a number above 0"],
  [{ userAgent: "a\r\nb" }, "userAgent "],
  [{ apiUrl: "http://10.0.0.1" }, "the API URL is not usable: "],
])("an option that cannot work is named: %j", (options, why) => {
  const create = () => createApi({ apiKey: "psx_12345678", ...options });
  expect(create).toThrow(ApiError);
  expect(create).toThrow(expect.objectContaining({ code: "invalid_input" }) as Error);
  expect(create).toThrow(why);
});
