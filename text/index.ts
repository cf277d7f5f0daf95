export { asJson, clean, cleanLines, withoutCommands } from "./clean";
export { kindGiven } from "./kind";
export { MASK, Redactor } from "./redactor";
