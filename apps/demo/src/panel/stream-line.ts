/** How the bridge's line to LivePerson is. */
export interface StreamState {
  state: 'connecting' | 'subscribed' | 'waiting' | 'stopped';
  reason: string;
  retryInMs: number | null;
}

/** The same in words. */
export function streamSentence({ state, reason, retryInMs }: StreamState): string {
  const why = reason.replaceAll('_', ' ');
  if (state === 'connecting') return 'Connecting to LivePerson’s socket.';
  if (state === 'subscribed') return 'Subscribed to LivePerson’s socket.';
  if (state === 'stopped') return `Stopped: ${why}.`;
  return `Waiting: ${why}. Tries again in ${Math.max(1, Math.round((retryInMs ?? 0) / 1000))} s.`;
}
