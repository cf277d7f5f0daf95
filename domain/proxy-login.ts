/**
 * Why no client could use a login. Basic authentication ends it at the first colon (RFC 7617, 2), and so do URLs (RFC
 * 3986, 3.2.1).
 */
export const loginFault = (login: unknown): string | undefined =>
  typeof login === "string" && login.includes(":")
    ? 'must have no ":", where clients end the login. Give one without.'
    : undefined;
