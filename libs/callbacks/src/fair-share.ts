/** Whoever is sent away comes back after this long at the earliest. */
const AWAY_MS = 250;

/** At most one of those sent away comes back in each of these steps, or they would be all that is worked on. */
const STEP_MS = 10;

/**
 * Shares hands between receivers: one may hold no more of them than are left free for others, so a receiver that hangs slows down its
 * own callbacks only, however many they are.
 */
export class FairShare {
  private total = 0;
  private readonly held = new Map<string, number>();
  private readonly turns = new Map<string, number>();

  constructor(private readonly hands: number) {}

  /** Takes a hand for a receiver and answers null; or answers the milliseconds after which to ask again. */
  take(receiver: string, now = performance.now()): number | null {
    const held = this.held.get(receiver) ?? 0;
    if (held < this.hands - this.total) {
      this.held.set(receiver, held + 1);
      this.total += 1;
      return null;
    }
    const turn = Math.max((this.turns.get(receiver) ?? 0) + STEP_MS, now + AWAY_MS);
    this.turns.set(receiver, turn);
    return turn - now;
  }

  giveBack(receiver: string): void {
    const held = (this.held.get(receiver) ?? 0) - 1;
    this.total -= 1;
    if (held > 0) {
      this.held.set(receiver, held);
      return;
    }
    this.held.delete(receiver);
    this.turns.delete(receiver);
  }
}
