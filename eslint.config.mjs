import path from "node:path";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The modules by which text leaves: the terminal, the engine's log and the program's, and files. */
const WAYS_OUT = [
  "cli/terminal/terminal.ts",
  "cli/terminal/output-file.ts",
  "mcp/guards/audit.ts",
  "mcp/protocol.ts",
  "provider/billing/journal.ts",
  "provider/hosts/engine-log.ts",
  "provider/hosts/plugin/start.ts",
  "provider/hosts/plugin/tell-port.ts",
  "provider/hosts/said-once.ts",
  "provider/hosts/word.ts",
  "provider/purchase/journal.ts",
  "provider/run/reference-cache.ts",
  "provider/x402-lease/journal.ts",
  "sdk/engine/program-log.ts",
];
const WRITERS = [
  "writeFile",
  "writeFileSync",
  "appendFile",
  "appendFileSync",
  "createWriteStream",
  "writeSync",
  "write",
];

/** Which folders of ours a folder may import: CONTRIBUTING's map. Each may import itself. */
const MAY_IMPORT = {
  text: [],
  files: [],
  domain: [],
  api: ["text"],
  dashboard: ["domain", "text"],
  emulator: ["dashboard", "files"],
  provider: ["domain", "api", "text", "files"],
  sdk: ["domain", "api", "provider", "text"],
  report: ["domain", "dashboard", "api", "text"],
  review: ["domain", "api", "provider", "text"],
  schema: ["domain", "provider"],
  mcp: ["domain", "dashboard", "api", "provider", "report", "review", "text", "files"],
  cli: ["domain", "dashboard", "api", "provider", "report", "review", "emulator", "mcp", "text", "files"],
};

/** An import of a folder that may not be imported from here, in each way that TypeScript has for it. */
const mayImport = {
  create(context) {
    const [folder, ...below] = path.relative(import.meta.dirname, context.filename).split(path.sep);
    const check = (source) => {
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const [other] = path.posix.join(folder, ...below, "..", source.value).split("/");
      if (other === folder || MAY_IMPORT[folder].includes(other)) return;
      context.report({ node: source, message: `${folder}/ may not import ${other}/: see MAY_IMPORT.` });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      "CallExpression[callee.name='require']": (call) => check(call.arguments[0]),
      TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
    };
  },
};

export default tseslint.config(
  { ignores: [".stryker-tmp/", "dist/", "site/", "coverage/", "**/node_modules/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: [`{${Object.keys(MAY_IMPORT).join(",")}}/**/*.ts`],
    plugins: { house: { rules: { "may-import": mayImport } } },
    rules: { "house/may-import": "error" },
  },
  {
    // Text leaves by few ways, and each cleans it: see text/. The emulator is a second opinion and has ways of its own.
    files: ["{domain,dashboard,text,api,provider,sdk,cli,mcp,report,review}/**/*.ts"],
    ignores: ["dashboard/page/**", ...WAYS_OUT],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        ...[
          "MemberExpression[object.object.name='process'][object.property.name=/^std(out|err)$/][property.name='write']",
          "MemberExpression[object.object.name='pulumi'][object.property.name='log']",
          "MemberExpression[object.name='fs'][property.name=/^(write|append|createWrite)/]",
        ].map((selector) => ({ selector, message: "Text leaves by the ways of WAYS_OUT, which clean it." })),
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: ["node:fs", "node:fs/promises", "fs", "fs/promises"].map((name) => ({
            name,
            importNames: WRITERS.filter((one) => !name.endsWith("promises") || !/Sync|Stream/.test(one)),
            message: "Files are written by the ways of WAYS_OUT, which clean what they hold.",
          })),
          patterns: [
            {
              regex: "/files/own-files$",
              importNames: ["appendOwnFile", "replaceFile", "replaceFileForGood", "writeNewFile"],
              message: "Files are written by the ways of WAYS_OUT, which clean what they hold.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs", "**/*.mjs"],
    languageOptions: {
      globals: {
        __dirname: "readonly",
        AbortSignal: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        process: "readonly",
        console: "readonly",
        module: "writable",
        exports: "writable",
        require: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        fetch: "readonly",
        URL: "readonly",
        performance: "readonly",
      },
    },
  },
);
