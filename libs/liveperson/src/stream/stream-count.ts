import type { StreamStatus } from '#libs/core';
import type { Listener } from './subscription.ts';

/** How many streams a bridge holds in one state. */
export interface StreamCount {
  kind: Listener['kind'];
  state: StreamStatus['state'];
  reason: string;
  count: number;
}

/** Streams by kind, state and reason. One that has said nothing yet is about to connect. */
export function countStreams(streams: Iterable<{ listener: Listener; status: StreamStatus | null }>): StreamCount[] {
  const counts = new Map<string, StreamCount>();
  for (const { listener, status } of streams) {
    const { state, reason } = status ?? { state: 'connecting' as const, reason: 'started' };
    const key = `${listener.kind} ${state} ${reason}`;
    const known = counts.get(key) ?? { kind: listener.kind, state, reason, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()];
}
