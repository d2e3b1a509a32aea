import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import { StreamTrouble, type TroubleCode } from './trouble.ts';

const PATIENCE_MS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** What an HTTP status of LivePerson's means to us (retry policies of the login service and of messaging). */
const BY_STATUS: Record<number, TroubleCode> = {
  400: 'wrong_credentials',
  401: 'wrong_credentials',
  403: 'missing_permission',
  404: 'unknown_account',
  429: 'rate_limited',
  451: 'account_blocked',
};

/** Where nothing was shown that could be refused, somebody else refuses, as a proxy does. */
const WITHOUT_CREDENTIALS: Record<number, TroubleCode> = { 400: 'unexpected_answer', 401: 'unexpected_answer', 403: 'unexpected_answer' };

/** Requests to LivePerson's services. They follow no redirects, wait 10 s at most and fail with a `StreamTrouble` and nothing else. */
export class LivePersonHttp {
  private readonly http: AxiosInstance = axios.create({
    timeout: PATIENCE_MS,
    maxRedirects: 0,
    maxContentLength: MOST_BYTES,
    responseType: 'json',
    validateStatus: (status) => status >= 200 && status < 300,
    headers: { accept: 'application/json', 'user-agent': 'Cobridge/1' },
  });

  get(url: string, signal: AbortSignal): Promise<AxiosResponse<unknown>> {
    return this.http.get<unknown>(url, { signal }).catch((error: unknown) => fail(error, WITHOUT_CREDENTIALS));
  }

  post(url: string, body: object, signal: AbortSignal, headers: Record<string, string> = {}): Promise<AxiosResponse<unknown>> {
    return this.http.post<unknown>(url, body, { signal, headers }).catch((error: unknown) => fail(error));
  }
}

/** An error of axios carries the whole request, credentials included: only its kind goes on. */
function fail(error: unknown, ours: Record<number, TroubleCode> = {}): never {
  const response = isAxiosError(error) ? error.response : undefined;
  if (!response) throw new StreamTrouble('unreachable');
  throw troubleOfStatus(response.status, response.headers['retry-after'] as unknown, ours);
}

/** `ours`: what the status means there, where that is something else. */
export function troubleOfStatus(status: number, retryAfter?: unknown, ours: Record<number, TroubleCode> = {}): StreamTrouble {
  const seconds = Number(retryAfter);
  const retryAfterMs = seconds > 0 && seconds < 86_400 ? seconds * 1000 : status === 429 ? 5000 : 0;
  return new StreamTrouble(ours[status] ?? BY_STATUS[status] ?? (status >= 500 ? 'platform_error' : 'unexpected_answer'), { retryAfterMs });
}
