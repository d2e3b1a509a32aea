import type { Agent } from './agent.ts';
import type { Hear } from './feed.ts';
import type { createNotificationReader } from './notification-words.ts';
import type { Entry, Timeline } from './timeline.ts';
import { type HookResult, answerSentence } from './words.ts';

/** Shows what came over LivePerson's socket, and beside it what the bridge made of it. */
export function hearNotifications(
  timeline: Timeline,
  agent: Agent,
  read: ReturnType<typeof createNotificationReader>,
): Pick<Hear, 'notification' | 'answer'> {
  const unanswered = new Map<string, (results: HookResult[], error: string | undefined) => void>();
  return {
    notification({ id, notification }) {
      const { dialogId, sentence } = read(notification);
      const wire: Entry['wire'] = { 'The frame on LivePerson’s socket': notification };
      const change = timeline.add({ kind: 'notification', sentence, wire });
      unanswered.set(id, (results, error) => {
        // A chat that is closed takes its invitation with it: then the chat's own result has the news.
        const own = results.filter((one) => one.dialogId === dialogId || one.dialogId === null);
        const result = own.find(({ outcome }) => outcome !== 'unchanged') ?? own[0];
        change({
          more: error === undefined ? answerSentence(result) : `The bridge could not take it: ${error}`,
          trouble: error !== undefined,
          wire: { ...wire, 'What the bridge made of it': error ?? results },
        });
        for (const one of own) agent.hear(one);
      });
    },
    answer({ id, results, error }) {
      unanswered.get(id)?.(results, error);
      unanswered.delete(id);
    },
  };
}
