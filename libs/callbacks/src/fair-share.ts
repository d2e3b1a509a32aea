/** A receiver is slow when the requests that it is at are this old on average: nobody stands and waits for it any more. */
const SLOW_MS = 500;

/** Whoever is sent away comes back after this long at the earliest. */
const AWAY_MS = 250;

/** At most one of those sent away comes back in each of these steps, or they would be all that is worked on. */
const STEP_MS = 4;

interface Receiver {
  /** When each hand was taken. */
  hands: Set<{ takenAt: number }>;
  /** When the last of those sent away comes back. */
  turn: number;
}

export type Share = { giveBack: () => void } | { comeBackMs: number };

/**
 * Shares hands between receivers: one may hold no more of them than are left free for others, so a receiver that hangs slows down its
 * own callbacks only, however many they are.
 */
export class FairShare {
  private total = 0;
  private readonly receivers = new Map<string, Receiver>();
  private waiting: (() => void)[] = [];

  constructor(private readonly hands: number) {}

  /** A hand for a receiver, perhaps after a short wait; or, when it is slow, the time after which to ask again. */
  async take(name: string): Promise<Share> {
    const asked = performance.now();
    for (;;) {
      const receiver = this.receivers.get(name);
      if ((receiver?.hands.size ?? 0) < this.hands - this.total) return this.give(name);
      const now = performance.now();
      const slowIn = SLOW_MS - (receiver ? age(receiver, now) : now - asked);
      if (slowIn > 0) await this.change(slowIn);
      else return { comeBackMs: receiver ? this.nextTurn(receiver, now) : AWAY_MS };
    }
  }

  private give(name: string): Share {
    const receiver = this.receivers.get(name) ?? { hands: new Set(), turn: 0 };
    const hand = { takenAt: performance.now() };
    receiver.hands.add(hand);
    this.receivers.set(name, receiver);
    this.total += 1;
    const giveBack = (): void => {
      this.total -= 1;
      receiver.hands.delete(hand);
      if (receiver.hands.size === 0) this.receivers.delete(name);
      for (const wake of this.waiting.splice(0)) wake();
    };
    return { giveBack };
  }

  private nextTurn(receiver: Receiver, now: number): number {
    receiver.turn = Math.max(receiver.turn + STEP_MS, now + AWAY_MS);
    return receiver.turn - now;
  }

  /** Resolves when a hand is given back, or after so long. */
  private change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiting.push(() => {
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
