/** A text, or a number as text, from outside; anything else is `otherwise`. */
export const text = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;

/** The path of a request without its query. */
export const pathOf = (url: string | undefined): string => (url ?? '/').split('?')[0] ?? '/';
