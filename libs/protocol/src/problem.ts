/** Every code an error of ours can carry, with its HTTP status and a title that says what to do. The one closed list. */
export const PROBLEMS = {
  bad_request: [400, 'The request is not understood'],
  invalid_json: [400, 'The body is not JSON'],
  unauthorized: [401, 'The key or signature is missing or wrong'],
  token_missing: [401, 'A page token is needed'],
  token_invalid: [401, 'The page token is not valid'],
  token_expired: [401, 'The page token has expired'],
  origin_not_allowed: [403, 'The page origin is not allowed for this account'],
  not_found: [404, 'There is no such thing here'],
  code_not_found: [404, 'There is no such code'],
  session_closed: [409, 'The session is closed'],
  session_expired: [409, 'The invitation has expired'],
  already_accepted: [409, 'The session was accepted already'],
  not_accepted: [409, 'The session is not accepted yet'],
  already_taken: [409, 'The request was taken already'],
  already_in_session: [409, 'The visitor is in a session already'],
  mode_not_allowed: [409, 'The account does not allow this mode'],
  account_exists: [409, 'The account exists already'],
  idempotency_key_reused: [422, 'The idempotency key belongs to another request'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'The bridge cannot do this right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details as every error answer of ours has them. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  /** The fields that are wrong, where that is the trouble. */
  errors?: { field: string; message: string }[];
}

/** An error meant for the caller: adapters throw it, the edge turns it into its own kind of answer once. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors?: { field: string; message: string }[],
  ) {
    super(detail);
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  toDocument(): ProblemDocument {
    const [status, title] = PROBLEMS[this.code];
    const document: ProblemDocument = { type: `urn:cobridge:problem:${this.code}`, title, status, detail: this.message, code: this.code };
    return this.errors ? { ...document, errors: this.errors } : document;
  }
}
