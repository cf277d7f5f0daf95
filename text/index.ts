export { asJson, clean, cleanLines, withoutCommands } from "./clean";
export { kindGiven } from "./kind";
export { messageOf } from "./message-of";
export { natural } from "./natural-order";
export { MASK, Redactor } from "./redactor";
export { withoutStop } from "./without-stop";
