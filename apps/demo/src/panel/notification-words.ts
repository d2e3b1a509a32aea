import { MODE_WORDS, type Mode } from './words.ts';

interface Dialog {
  dialogId: string;
  channelType: string;
  creationTs: number;
  metaDataLastUpdateTs: number;
  metaData?: { sessionState?: string; notificationKey?: string; mode?: Mode; expires?: number };
}

interface Wire {
  body: { changes: { type: string; result: { conversationDetails: { stage: string; dialogs: Dialog[] } } }[] };
}

export interface Told {
  /** The newest invitation's, which is the one that a change is about: there is one at a time. Null without any. */
  dialogId: string | null;
  sentence: string;
}

const USUAL_SECONDS = 120;

/**
 * Puts LivePerson's notifications into words. It remembers what it has read, because the same sentence of LivePerson's is a different
 * story when it comes twice, or too late. `reordered`: whether the newest invitation was sent on its way in the wrong order.
 */
export function createNotificationReader(reordered: () => boolean): (notification: unknown) => Told {
  const read = new Set<string>();
  const ended = new Set<string>();
  return (notification) => {
    const change = (notification as Wire).body.changes.at(-1);
    const { stage, dialogs } = change?.result.conversationDetails ?? { stage: 'OPEN', dialogs: [] };
    const dialog = dialogs.findLast(({ channelType }) => channelType === 'COBROWSE');
    const isOver = change?.type === 'DELETE' || stage === 'CLOSE';
    const dialogId = dialog?.dialogId ?? null;
    const tell = (sentence: string): Told => ({ dialogId, sentence });

    if (!dialog && !isOver) return tell('LivePerson tells of the chat.');
    const key = [isOver, dialogId, dialog?.metaDataLastUpdateTs].join(' ');
    if (read.has(key)) return tell('LivePerson says the same once more.');
    read.add(key);
    if (isOver || !dialog) return tell('The agent closes the chat.');

    const isNew = ![...read].some((other) => other !== key && other.includes(dialog.dialogId));
    const { sessionState, notificationKey } = dialog.metaData ?? {};
    if (sessionState === 'INVITED') {
      if (ended.has(dialog.dialogId)) return tell(`Only now comes the invitation itself: ${invitation(dialog).toLowerCase()}`);
      return tell(invitation(dialog));
    }
    if (sessionState === 'ACCEPTED') {
      return tell(notificationKey === 'joined' ? 'The agent’s side says: joined.' : 'The agent’s side notes the visitor’s yes.');
    }
    ended.add(dialog.dialogId);
    if (isNew && reordered()) return tell('Overtaken on the way: “the invitation is taken back” comes first.');
    if (notificationKey === 'cancel_invitation') return tell('The agent takes the invitation back.');
    return tell(notificationKey === 'ended_by_agent' ? 'The agent stops looking at the page.' : 'The invitation is closed.');
  };
}

function invitation({ creationTs, metaData: { mode = 'view', expires } = {} }: Dialog): string {
  const seconds = Math.round((expires ?? 0) - creationTs / 1000);
  const brief = seconds === USUAL_SECONDS ? '' : ` It is good for ${seconds} seconds.`;
  return `The agent asks to ${MODE_WORDS[mode]}.${brief}`;
}
