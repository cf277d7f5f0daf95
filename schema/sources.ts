import path from "node:path";
import ts from "typescript";

/** What the sources say of a property, a class or a function. */
export interface Said {
  /** Its text, with its default and its example behind it. */
  text: string;
  /** What a change of it does: a sentence. */
  change: string;
  type: ts.Type;
  isOptional: boolean;
  /** Of an output: it always has a value. */
  isAlways: boolean;
}

/** Tags that a text may have. Another one would be a word with an @, at which the compiler ends the text. */
const TAGS = ["default", "change", "example", "param", "internal", "throws"];

/** The public classes and their docstrings, as TypeScript's compiler reads them. */
export class Sources {
  private readonly checker: ts.TypeChecker;
  private readonly exported: ReadonlyMap<string, ts.Symbol>;

  constructor(root: string) {
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      strict: true,
      skipLibCheck: true,
      esModuleInterop: true,
      types: ["node"],
    };
    const index = path.join(root, "sdk", "index.ts");
    const program = ts.createProgram([index], options);
    this.checker = program.getTypeChecker();
    const source = program.getSourceFile(index);
    const module = source && this.checker.getSymbolAtLocation(source);
    if (!module) throw new Error("schema: sdk/index.ts exports nothing.");
    const all = this.checker.getExportsOfModule(module).map((one) => [one.name, this.resolved(one)] as const);
    this.exported = new Map(all);
  }

  /** The docstring of a class, an interface or a function. */
  textOf(name: string): string {
    return this.saidAt(this.symbolOf(name), name).text;
  }

  /** Properties of a class or an interface, those of what it extends included. */
  membersOf(name: string): Map<string, Said> {
    return this.membersIn(this.checker.getDeclaredTypeOfSymbol(this.symbolOf(name)), name);
  }

  membersIn(type: ts.Type, name: string): Map<string, Said> {
    const said = this.checker.getPropertiesOfType(type).map((member): [string, Said] => {
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
      const of = this.checker.getNonNullableType(this.checker.getTypeOfSymbol(member));
      return [
        member.name,
        {
          ...this.saidAt(member, `${name}.${member.name}`),
          type: of,
          isOptional,
          isAlways: isAlways(this.valueOf(of)),
        },
      ];
    });
    return new Map(said);
  }

  /** What an output is of. The alias `Output` is gone where all that it lifts is nothing. */
  private valueOf(output: ts.Type): ts.Type | undefined {
    return output.aliasTypeArguments?.[0] ?? this.checker.getTypeArguments(output as ts.TypeReference)[0];
  }

  textOfType(type: ts.Type): string {
    const symbol = type.aliasSymbol ?? type.symbol;
    return this.saidAt(symbol, symbol.name).text;
  }

  /** What a list is of. */
  elementOf(type: ts.Type): ts.Type | undefined {
    return this.checker.isArrayType(type) ? this.checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
  }

  /** What the values of a dictionary are. */
  valueIn(type: ts.Type): ts.Type | undefined {
    return this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
  }

  /** What a function takes, where it takes any: it is named for that. Its options may stand in its place. */
  argsOf(name: string): Map<string, Said> {
    const [first] = this.callOf(name).getParameters();
    const type = first && this.checker.getNonNullableType(this.checker.getTypeOfSymbol(first));
    const args = (type?.isUnion() ? type.types : [type]).find((one) => one?.symbol?.name.endsWith("Args"));
    return args ? this.membersIn(args, name) : new Map<string, Said>();
  }

  /** What a function answers with. */
  answerOf(name: string): ts.Type {
    const answer = this.checker.getAwaitedType(this.callOf(name).getReturnType());
    if (!answer) throw new Error(`schema: ${name} is a function without an answer.`);
    return answer;
  }

  private callOf(name: string): ts.Signature {
    const [call] = this.checker.getTypeOfSymbol(this.symbolOf(name)).getCallSignatures();
    if (!call) throw new Error(`schema: ${name} is no function.`);
    return call;
  }

  private symbolOf(name: string): ts.Symbol {
    const symbol = this.exported.get(name);
    if (!symbol) throw new Error(`schema: sdk/index.ts exports no ${name}.`);
    return symbol;
  }

  private resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private saidAt(symbol: ts.Symbol, where: string): Pick<Said, "text" | "change"> {
    const tags = symbol.getJsDocTags(this.checker);
    const odd = tags.find(({ name }) => !TAGS.includes(name));
    if (odd) throw new Error(`schema: the text of ${where} ends at "@${odd.name}": write it without the @.`);
    const tag = (name: string): string => plain(ts.displayPartsToString(tags.find((one) => one.name === name)?.text));
    const [byDefault, example] = [tag("default"), tag("example")];
    const text = [
      plain(ts.displayPartsToString(symbol.getDocumentationComment(this.checker))),
      byDefault && `Default: ${byDefault}.`,
      // Of a property it is a value; of a class it is a program in another language than the reader's.
      example && !example.includes("\n") && !example.includes("proxies.") && `Example: ${example}.`,
    ]
      .filter(Boolean)
      .join("\n\n");
    return { text, change: tag("change") };
  }
}

const isAlways = (type: ts.Type | undefined): boolean =>
  type !== undefined && !(type.isUnion() ? type.types : [type]).some(({ flags }) => flags & ts.TypeFlags.Undefined);

/** What a change of an input does, as a paragraph of its text. */
export const changeOf = (said: Said | undefined): string => (said?.change ? `\n\nChange: ${said.change}` : "");

/** A text for readers of any language: links are names, and a paragraph is one line. */
const plain = (text: string): string =>
  text
    .replace(/\{@link\s+([^}\s|]+)[^}]*\}/g, "`$1`")
    .replace(/([^\n])\n(?![\n\s*-])/g, "$1 ")
    .trim();
