/** A receiver is slow when the requests that it is at are this old on average. */
const SLOW_MS = 500;

/** Those that wait for a slow receiver and are known here; more are left to the sweep. */
const ROOM = 10_000;

interface Receiver {
  /** When each hand was taken. */
  hands: Set<{ takenAt: number }>;
  /** Those who wait, in the order in which they came. */
  room: Set<string>;
}

/**
 * Shares hands between receivers: one may hold no more of them than are left free for others, so a receiver that hangs slows down its
 * own callbacks only, however many they are.
 */
export class FairShare {
  private total = 0;
  private readonly receivers = new Map<string, Receiver>();
  private standing: (() => void)[] = [];

  /** `callUp` is told who has waited long enough and should ask again. */
  constructor(
    private readonly hands: number,
    private readonly callUp: (id: string) => void,
  ) {}

  /** Answers how to give the hand back that was taken. Null when the receiver is slow: whoever asked is called up later. */
  async take(name: string, id: string): Promise<(() => void) | null> {
    const asked = performance.now();
    for (;;) {
      const receiver = this.receivers.get(name) ?? { hands: new Set(), room: new Set() };
      this.receivers.set(name, receiver);
      if (this.mayTake(receiver)) return this.give(name, receiver, id);
      const now = performance.now();
      const slowIn = SLOW_MS - (receiver.hands.size > 0 ? age(receiver, now) : now - asked);
      if (slowIn > 0) {
        await this.change(slowIn);
        continue;
      }
      if (receiver.room.size < ROOM) receiver.room.add(id);
      return null;
    }
  }

  /** Whether it waits for a hand that somebody has yet to give back. */
  waits(id: string): boolean {
    return [...this.receivers.values()].some(({ hands, room }) => hands.size > 0 && room.has(id));
  }

  private mayTake({ hands }: Receiver): boolean {
    return hands.size < this.hands - this.total;
  }

  private give(name: string, receiver: Receiver, id: string): () => void {
    const hand = { takenAt: performance.now() };
    receiver.hands.add(hand);
    receiver.room.delete(id);
    this.total += 1;
    return () => {
      receiver.hands.delete(hand);
      this.total -= 1;
      for (const wake of this.standing.splice(0)) wake();
      this.callNext(receiver);
      if (receiver.hands.size === 0 && receiver.room.size === 0) this.receivers.delete(name);
    };
  }

  /** One hand was given back: one who waits may come, for the same receiver rather than for another. */
  private callNext(first: Receiver): void {
    for (const receiver of [first, ...this.receivers.values()]) {
      const [next] = receiver.room;
      if (next === undefined || !this.mayTake(receiver)) continue;
      receiver.room.delete(next);
      this.callUp(next);
      return;
    }
  }

  /** Resolves when a hand is given back, or after so long. */
  private change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.standing.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function age({ hands }: Receiver, now: number): number {
  let sum = 0;
  for (const { takenAt } of hands) sum += now - takenAt;
  return sum / hands.size;
}
