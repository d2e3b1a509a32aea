import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Emulator } from '../src/index.ts';

export interface Frame {
  kind: string;
  type: string;
  reqId?: string;
  code?: number;
  // eslint-disable-next-line typescript/no-explicit-any -- frames are looked at as they come
  body: any;
}

/** A client that knows no more than frames. Keeps all that came, broken ones as text. */
export class Client {
  readonly frames: Frame[] = [];
  readonly texts: string[] = [];
  closeCode: number | null = null;
  private read = 0;
  private wake: () => void = () => {};
  private id = 0;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      this.texts.push(data.toString());
      try {
        this.frames.push(JSON.parse(data.toString()) as Frame);
      } catch {
        // Kept in `texts` only.
      }
      this.wake();
    });
    ws.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
  }

  /** Opens a socket; rejects with the status of a refused upgrade in its message. */
  static async open(emulator: Emulator, path: string, headers: Record<string, string> = {}): Promise<Client> {
    const ws = new WebSocket(`${emulator.url.replace('http', 'ws')}/ws_api/account/${path}`, { headers, rejectUnauthorized: false });
    const client = new Client(ws);
    await once(ws, 'open');
    return client;
  }

  send(type: string, body?: unknown, more: Record<string, unknown> = {}): string {
    this.id += 1;
    this.ws.send(JSON.stringify({ kind: 'req', id: this.id, type, ...(body === undefined ? {} : { body }), ...more }));
    return String(this.id);
  }

  async ask(type: string, body?: unknown, more?: Record<string, unknown>): Promise<Frame> {
    const id = this.send(type, body, more);
    return this.find(({ reqId }) => reqId === id);
  }

  /** The next notification that was not handed out yet. */
  async next(): Promise<Frame> {
    for (;;) {
      while (this.read < this.frames.length) {
        const frame = this.frames[this.read++];
        if (frame?.kind === 'notification') return frame;
      }
      await this.news();
    }
  }

  async find(match: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(match);
      if (found) return found;
      await this.news();
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === null) await this.news();
    return this.closeCode;
  }

  private news(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.wake;
      this.wake = () => {
        before();
        this.wake = () => {};
        resolve();
      };
    });
  }
}
