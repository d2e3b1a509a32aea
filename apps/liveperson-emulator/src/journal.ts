/** Every kind of thing that the emulator remembers. */
export type RecordKind =
  | 'attempt'
  | 'login'
  | 'refresh'
  | 'request'
  | 'subscription'
  | 'unsubscription'
  | 'socket-open'
  | 'socket-close'
  | 'ping'
  | 'notification'
  | 'webhook';

/** One thing that happened. Never holds a bearer, a token, a password or a cookie. `at` is in epoch milliseconds. */
export interface Happening {
  at: number;
  kind: RecordKind;
  account?: string;
  [detail: string]: unknown;
}

type Match = (happening: Happening) => boolean;

/** How many happenings are kept; the oldest go first, but the counts go on. */
const KEPT = 10_000;

/** What happened, in order, and the way to wait for what happens next. */
export class Journal {
  readonly all: Happening[] = [];
  private readonly counts = new Map<RecordKind, number>();
  private readonly listeners = new Set<(happening: Happening) => void>();

  add(kind: RecordKind, details: Record<string, unknown> = {}): void {
    const happening: Happening = { at: Date.now(), kind, ...details };
    this.all.push(happening);
    if (this.all.length > KEPT) this.all.shift();
    this.counts.set(kind, this.count(kind) + 1);
    for (const listener of this.listeners) listener(happening);
  }

  of(kind: RecordKind): Happening[] {
    return this.all.filter((happening) => happening.kind === kind);
  }

  count(kind: RecordKind): number {
    return this.counts.get(kind) ?? 0;
  }

  /** The next one of its kind from now on (that `match` says yes to). Rejects after `withinMs`. */
  next(kind: RecordKind, match: Match = () => true, withinMs = 10_000): Promise<Happening> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(patience);
        this.listeners.delete(listen);
      };
      const listen = (happening: Happening): void => {
        if (happening.kind !== kind || !match(happening)) return;
        done();
        resolve(happening);
      };
      const patience = setTimeout(() => {
        done();
        reject(new Error(`No ${kind} within ${withinMs} ms.`));
      }, withinMs).unref();
      this.listeners.add(listen);
    });
  }

  /** All of a kind, once there are at least `count` of them; those that are there already count, too. */
  async until(kind: RecordKind, count: number, withinMs = 10_000): Promise<Happening[]> {
    const end = Date.now() + withinMs;
    while (this.count(kind) < count) await this.next(kind, undefined, Math.max(1, end - Date.now()));
    return this.of(kind);
  }

  /** Every one of a kind from now on, for `for await`. Leaving the loop ends it. */
  async *follow(kind: RecordKind): AsyncGenerator<Happening, void> {
    const waiting: Happening[] = [];
    let wake: () => void = () => {};
    const listen = (happening: Happening): void => {
      if (happening.kind !== kind) return;
      waiting.push(happening);
      wake();
    };
    this.listeners.add(listen);
    try {
      for (;;) {
        const happening = waiting.shift();
        if (happening) yield happening;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.listeners.delete(listen);
    }
  }
}
