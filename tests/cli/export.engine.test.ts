import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportCommand } from "../../cli/commands/export";
import { FORMATS, type FormatName } from "../../cli/commands/proxy-formats";
import { BY_PASSPHRASE } from "../engine/fresh-stack";
import { Project } from "../engine/project";
import { login, port } from "../engine/resources";
import { hearing } from "./terminal";

/** `export` reads the state that the engine wrote, with secrets by its CLI. */
jest.setTimeout(900_000);

/** A password with what each target language takes for its own. */
const PASSWORD = `canary'"\`$HOME\\%20#é`;

let project: Project;

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = hearing({ ...project.env });
  const code = await exportCommand(["--stack", "dev", "--cwd", project.program, ...argv], terminal);
  return { code, ...terminal.said };
}

describe("ports with logins of their own and with Credentials", () => {
  /** What the program itself outputs: the URL of the port, and that of the other's Credentials. */
  let urls: string[];
  let passwords: string[];
  beforeAll(async () => {
    project = await Project.open(undefined, undefined, BY_PASSPHRASE);
    project.declare(port("a"), port("b"), login("l", "b", { proxyLogin: "team-a", proxyPassword: PASSWORD }));
    await project.up();
    const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
    urls = [httpUrls.a as string, httpUrls.l as string].map(plain).sort();
    passwords = urls.map((url) => url.split(" ")[1] as string);
    expect(passwords).toContain(PASSWORD);
  });

  afterAll(() => project.close());

  /** A URL as its parts, whatever in it is escaped. */
  function plain(text: string): string {
    const { protocol, username, password, host } = new URL(text);
    return [decodeURIComponent(username), decodeURIComponent(password), protocol, host].join(" ");
  }
  const python = (code: string): string[] =>
    JSON.parse(
      execFileSync("python3", ["-c", `${code}\nimport json\nprint(json.dumps(PROXIES))`]).toString(),
    ) as string[];

  function script(text: string): Record<string, unknown>[] {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    return (new Function(text.replace("export const proxies =", "return")) as () => Record<string, unknown>[])();
  }

  const READ: Record<Exclude<FormatName, "pac">, (text: string) => string[]> = {
    txt: (text) => text.trim().split("\n").map(plain),
    env: (text) =>
      execFileSync("sh", ["-euc", `${text}\nprintf '%s\\n' "$PROXY_A" "$PROXY_B"`])
        .toString()
        .trim()
        .split("\n")
        .map(plain),
    curl: (text) => [...text.matchAll(/proxy = (".*")/g)].map(([, url]) => plain(JSON.parse(url as string) as string)),
    scrapy: (text) => python(text).map(plain),
    axios: (text) =>
      script(text).map(({ protocol, host, port, auth }) =>
        [
          ...Object.values(auth as Record<string, string>),
          `${String(protocol)}:`,
          `${String(host)}:${String(port)}`,
        ].join(" "),
      ),
    undici: (text) => (script(text) as unknown as string[]).map(plain),
    puppeteer: (text) =>
      script(text).map(({ args, login: mine }) => {
        const { protocol, host } = new URL((args as string[])[0]?.replace("--proxy-server=", "") as string);
        return [...Object.values(mine as Record<string, string>), protocol, host].join(" ");
      }),
    selenium: (text) =>
      python(text.replace("from selenium import webdriver", "")).map((one) => {
        const [server, ...mine] = one as unknown as string[];
        const { protocol, host } = new URL(server as string);
        return [...mine, protocol, host].join(" ");
      }),
    squid: (text) =>
      [...text.matchAll(/^cache_peer (\S+) parent (\d+) .* login=(\S+)/gm)].map(([, host, port, mine]) =>
        plain(`http://${mine}@${host}:${port}`),
      ),
    haproxy: (text) =>
      [...text.matchAll(/Basic (\S+)'\n {2}server out (\S+)/g)].map(([, code, host]) => {
        const [user, ...password] = Buffer.from(code as string, "base64")
          .toString()
          .split(":");
        return [user, password.join(":"), "http:", host].join(" ");
      }),
    requests: (text) => python(text).map((one) => plain((one as unknown as { http: string }).http)),
    playwright: (text) =>
      script(text).map(({ server, username, password }) => {
        const { protocol, host } = new URL(server as string);
        return [username, password, protocol, host].join(" ");
      }),
  };

  it.each(Object.keys(READ) as (keyof typeof READ)[])(
    "%s: the logins that the ports ask for, in a file; masked on the terminal",
    async (format) => {
      const file = join(project.folder, `proxies.${format}`);
      expect(await run("--format", format, "--output", file)).toEqual({ code: 0, out: "", err: "" });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(READ[format](readFileSync(file, "utf8")).sort()).toEqual(urls);

      const { code, out, err } = await run("--format", format);
      expect([code, out]).toEqual([0, expect.stringContaining("[secret]")]);
      for (const password of passwords)
        for (const form of [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)])
          expect(out + err).not.toContain(form);
    },
  );

  it("shows passwords on demand; a PAC file has none", async () => {
    expect(READ.txt((await run("--show-secrets")).out).sort()).toEqual(urls);
    const { out, err } = await run("--format", "pac", "--show-secrets");
    for (const url of urls) expect(out).toContain(`PROXY ${url.split(" ").at(-1)}`);
    expect([out.includes("canary"), err]).toEqual([false, ""]);
    expect(Object.keys(FORMATS).sort()).toEqual([...Object.keys(READ), "pac"].sort());
  });

  it("a state that was exported by hand gives the same", async () => {
    const file = join(project.folder, "exported.json");
    writeFileSync(file, (await project.pulumi(["stack", "export", "--show-secrets"])).output);
    const terminal = hearing({});
    expect(await exportCommand(["--state", file, "--show-secrets"], terminal)).toBe(0);
    expect(READ.txt(terminal.said.out).sort()).toEqual(urls);
    writeFileSync(file, (await project.pulumi(["stack", "export"])).output);
    expect(await exportCommand(["--state", file, "--show-secrets"], hearing({}))).toBe(1);
  });

  it("a wrong passphrase stops it in one line, where secrets are asked for", async () => {
    const terminal = hearing({ ...project.env, PULUMI_CONFIG_PASSPHRASE: "wrong" });
    const argv = ["--stack", "dev", "--cwd", project.program];
    expect(await exportCommand(argv, terminal)).toBe(0);
    terminal.said.err = "";
    expect(await exportCommand([...argv, "--show-secrets"], terminal)).toBe(3);
    expect(terminal.said.err).toMatch(
      /^proxies-sx export: `pulumi stack export --stack=dev` failed: .*passphrase[^\n]*\n$/,
    );
  });

  it("says what it leaves out, and which stack is not there", async () => {
    project.emulator.control.editPort(await project.id("a"), { status: "suspended" });
    await project.refresh();
    const { out, err } = await run();
    expect(out).toMatch(/^http:\/\/team-a:\[secret\]@[^\n]+\n$/);
    expect(err).toMatch(/^Left out: a is suspended\.\n/);
    const missing = await run("--stack", "nowhere");
    expect([missing.code, missing.out]).toEqual([3, ""]);
    expect(missing.err).toMatch(/^proxies-sx export: `pulumi stack export --stack=nowhere` failed: [^\n]+\n$/);
  });
});

describe("fleets", () => {
  beforeAll(async () => {
    project = await Project.open({}, join(__dirname, "../engine/fleet.js"));
  });
  afterAll(() => project.close());

  it("the members of one, with the passwords that were generated for them", async () => {
    const fleet = (proxyLogin: string): object => ({
      args: { size: 2, locations: [{ country: "DE" }], lease: { expiresIn: "30d" }, credentials: { proxyLogin } },
    });
    writeFileSync(
      join(project.program, "fleets.json"),
      JSON.stringify({ scraper: fleet("team-a"), other: fleet("team-b") }),
    );
    await project.up();
    const { scraper } = (await project.outputs()) as Record<string, { socks5Urls: string[] }>;
    const { code, out } = await run("--fleet", "scraper", "--protocol", "socks5", "--show-secrets");
    expect(code).toBe(0);
    expect(out.trim().split("\n").sort()).toEqual(scraper?.socks5Urls.sort());
    expect((await run()).out.trim().split("\n")).toHaveLength(4);
  });
});
