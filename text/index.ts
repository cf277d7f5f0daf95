export { asJson, clean, cleanLines, withoutCommands } from "./clean";
export { MASK, Redactor } from "./redactor";
