/** An honest no, with the HTTP-like code that it goes out with, on HTTP and on sockets alike. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The body of a socket's error answer. These three names are [known] from LivePerson's REST door; on sockets they are a [guess]. */
export const errorBody = (code: number, details: string): Record<string, unknown> => ({
  title: STATUS_WORDS[code] ?? 'Error',
  details,
  errorCode: code,
});
