import { z } from "zod";
import { id, text, word } from "./fields";
import { createHttp } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";
import { type AccessToken, type KeylessOptions, resolveKeyless } from "./transport/options";

/** Who signs in. */
export interface SignInOptions extends KeylessOptions {
  email: string;
  password: string;
}

/** What `createApi` takes as its `apiKey`, and whose it is. */
export interface SignedIn extends AccessToken {
  user?: { id?: string; email?: string; role?: string };
}

/**
 * Signs in as a person does, where no key was made yet. The token is a secret, and ends after a time that the vendor
 * does not report. Rejects with an ApiError: "unauthorized" where the two do not fit, "rate_limited" after many tries.
 * (MCP client only)
 *
 * ```ts
 * const api = createApi({ apiKey: await signIn({ email, password }) });
 * ```
 */
export async function signIn({ email, password, ...options }: SignInOptions): Promise<SignedIn> {
  const http = createHttp(resolveKeyless(options));
  try {
    // A second try signs in again, which does no harm.
    const extras = { body: { email, password }, effect: "repeatable", secrets: [password] } as const;
    return await http.post("keyless", path`/login/signin`, readSignedIn, extras);
  } finally {
    http.close();
  }
}

const token = z
  .string()
  .refine((value) => /^[\x21-\x7e]{8,8192}$/.test(value), "is no token")
  .nullish();

/** The vendor's pages disagree on the name of the token. */
const readSignedIn = reader(
  z.object({ access_token: token, token, user: z.object({ _id: id, email: text, role: word }).nullish() }),
  ({ access_token: named, token: short, user }, context) => {
    const accessToken = named ?? short;
    if (accessToken === undefined || accessToken === null) throw context.broken(["access_token"], "is missing");
    const { _id, ...rest } = user ?? {};
    return present<SignedIn>({ accessToken, user: user && present({ ...rest, id: _id }) });
  },
);
