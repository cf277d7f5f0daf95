/**
 * Imported first: Node loads its own client of HTTP as soon as a package looks whether there is one, as axios does. That
 * is a tenth of the plugin's start, and 6 MB; nothing here uses it.
 */
for (const name of [
  "fetch",
  "FormData",
  "Headers",
  "Request",
  "Response",
  "MessageEvent",
  "WebSocket",
  "EventSource",
]) {
  Reflect.deleteProperty(globalThis, name);
}
