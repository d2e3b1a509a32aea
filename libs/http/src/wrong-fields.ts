import { Problem, type ProblemDocument } from '#libs/protocol';

export type WrongField = NonNullable<ProblemDocument['errors']>[number];

/** Wrong fields named in one answer at most, so that a small request has no large answer. */
const NAMED_AT_ONCE = 20;

/** The answer to a request with wrong fields. */
export function wrongFields(errors: readonly WrongField[]): Problem {
  const shown = errors.slice(0, NAMED_AT_ONCE);
  return new Problem('bad_request', shown.map((error) => error.message).join('; ') || 'The request is not valid.', shown);
}

export const unknownField = (field: string): WrongField => ({ field, message: `${field} is not a field of this request` });
