const NAMES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** A refusal, in the shape of NestJS: {statusCode, message, error}. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly text: string | string[],
    /** Whole seconds, for the header Retry-After. */
    readonly retryAfterSeconds?: number,
  ) {
    super([text].flat().join(", "));
  }

  body(): { statusCode: number; message: string | string[]; error: string } {
    return { statusCode: this.status, message: this.text, error: NAMES[this.status] ?? "Error" };
  }
}

export const badRequest = (text: string | string[]) => new Problem(400, text);
export const forbidden = (text: string) => new Problem(403, text);
export const notFound = (text: string) => new Problem(404, text);
export const conflict = (text: string) => new Problem(409, text);
