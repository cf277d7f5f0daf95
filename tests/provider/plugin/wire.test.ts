import { UNKNOWN } from "../../../domain/unknown";
import { bared, opened, sealed } from "../../../provider/hosts/plugin/wire";

const SECRETS = { password: "p", found: { login: "a" }, list: ["x"] };

test("secrets are opened to their values, and known by name; sealed again they are secrets", () => {
  const { props, secrets } = opened(sealed({ ...SECRETS, country: "DE" }, Object.keys(SECRETS)));
  expect(props).toEqual({ ...SECRETS, country: "DE" });
  expect([...secrets].sort()).toEqual(Object.keys(SECRETS).sort());
});

test("a secret inside of a value makes the whole property one", () => {
  const within = sealed({ value: "s" }, ["value"]).toJavaScript() as Record<string, unknown>;
  const { props, secrets } = opened(sealed({ triggers: ["a", within.value] }, []));
  expect(props).toEqual({ triggers: ["a", "s"] });
  expect([...secrets]).toEqual(["triggers"]);
});

test("a value is bared of its own mark, and of that within it", () => {
  const marked = (value: unknown): unknown => (sealed({ value }, ["value"]).toJavaScript() as { value: unknown }).value;
  expect([bared("s"), bared(null), bared({ value: "s" })]).toEqual(
    ["s", null, { value: "s" }].map((value) => ({ value, isSecret: false })),
  );
  for (const one of [marked("s"), marked(marked("s"))]) expect(bared(one)).toEqual({ value: "s", isSecret: true });
});

test("a value that is not known yet is unknown, whatever type it will have", () => {
  const [number, object] = ["3eeb2bf0-c639-47a8-9e75-3b44932eb421", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"];
  expect(opened(sealed({ a: UNKNOWN, b: number, c: [object] }, ["b"])).props).toEqual({
    a: UNKNOWN,
    b: UNKNOWN,
    c: [UNKNOWN],
  });
});

test("what is null was not given, and what is undefined is left out", () => {
  expect(opened(sealed({ a: null, b: undefined, c: false, d: 0 }, ["b"])).props).toEqual({ c: false, d: 0 });
  expect(opened(sealed({ a: { b: null } }, [])).props).toEqual({ a: { b: null } });
  expect(opened(undefined)).toEqual({ props: {}, secrets: new Set() });
});
