import { createHmac } from 'node:crypto';
import { Problem } from '#libs/protocol';

const PATIENCE_MS = 10_000;

/** LivePerson's way in, taken from outside like LivePerson does: over HTTP, signed over the raw bytes. */
export class OwnHook {
  constructor(private readonly address: string) {}

  /** The hook's own answer, whatever it is. Throws `unavailable` when there was none. */
  async post({ id, appSecret }: { id: string; appSecret: string }, raw: Buffer): Promise<{ status: number; type: string; body: string }> {
    const signature = `sha256=${createHmac('sha256', appSecret).update(raw).digest('base64')}`;
    try {
      const answer = await fetch(`${this.address}/v1/hooks/liveperson/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-liveperson-account-id': id, 'x-liveperson-signature': signature },
        body: new Uint8Array(raw),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: answer.status, type: answer.headers.get('content-type') ?? 'application/json', body: await answer.text() };
    } catch {
      throw new Problem('unavailable', 'The bridge did not reach its own hook. Try again in a second.');
    }
  }
}
