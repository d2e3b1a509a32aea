import type { Envelope, Publish, SessionView } from '#libs/protocol';
import type { Standing } from './agent.ts';

export type Mode = SessionView['mode'];
export type Status = SessionView['status'];
export type Reason = NonNullable<SessionView['reason']>;

/** What the bridge makes of one invitation in a notification. */
export interface HookResult {
  dialogId: string | null;
  outcome: Status | 'unchanged' | 'ignored';
  status?: Status;
  reason?: Reason;
  code?: string;
}

export const MODE_WORDS: Record<Mode, string> = {
  follow: 'look at the page',
  view: 'look at the page and scroll',
  shared: 'look at the page, scroll, click and type',
};

const REASON_WORDS: Record<Reason, string> = {
  declined: 'the visitor said no',
  cancelled: 'the agent took the invitation back',
  withdrawn: 'the visitor took the request back',
  expired: 'nobody answered in time',
  superseded: 'a newer invitation took its place',
  visitor_ended: 'the visitor stopped it',
  agent_ended: 'the agent stopped it',
  connection_lost: 'the two sides never came together',
  conversation_closed: 'the chat is over',
  mode_not_allowed: 'the shop does not allow this kind of sharing',
  limit_reached: 'it had gone on for too long',
  platform_closed: 'the chat platform closed it',
};

type Words = Record<Envelope['type'], (session: SessionView) => string>;

const why = ({ reason }: SessionView): string => (reason === null ? 'it was closed' : REASON_WORDS[reason]);

/** What a shop page shows when it hears of an event. */
const PAGE_WORDS: Words = {
  'session.requested': () => 'The page knows that the visitor asked for help.',
  'session.invited': () => 'The question appears on the page.',
  'session.accepted': () => 'The page knows: the visitor said yes.',
  'session.active': () => 'The page shows that it is being shared.',
  'session.closed': (session) => `The page clears up: ${why(session)}.`,
};

/** What the shop's own server learns from a callback. */
const CALLBACK_WORDS: Words = {
  'session.requested': () => 'The shop’s server hears: the visitor asked for help.',
  'session.invited': () => 'The shop’s server hears: the visitor is being asked.',
  'session.accepted': () => 'The shop’s server hears: the visitor said yes.',
  'session.active': () => 'The shop’s server hears: the two sides have joined.',
  'session.closed': (session) => `The shop’s server hears: it is over, ${why(session)}.`,
};

export const pageSentence = ({ type, session }: Envelope): string => PAGE_WORDS[type](session);
export const callbackSentence = ({ type, session }: Envelope): string => CALLBACK_WORDS[type](session);

export const PUBLISHED_WORDS: Record<Publish['event'], string> = {
  cobrowseOffered: 'The page tells LivePerson’s tag: the visitor is being asked.',
  cobrowseAccepted: 'The page tells LivePerson’s tag: the visitor said yes.',
  cobrowseDeclined: 'The page tells LivePerson’s tag: the visitor said no.',
};

/** What the bridge made of a notification. */
export function answerSentence(result: HookResult | undefined): string {
  if (!result) return 'The bridge: none of my business.';
  const { outcome, status, reason, code } = result;
  if (outcome === 'invited') return 'The bridge: all open pages of the visitor are asked.';
  if (outcome === 'accepted') return 'The bridge: noted, the visitor said yes.';
  if (outcome === 'active') return 'The bridge: noted, they have joined.';
  if (outcome === 'closed') return `The bridge: closed, ${reason ? REASON_WORDS[reason] : 'it is over'}.`;
  if (outcome === 'ignored') return `The bridge: passed over (${code ?? 'no reason given'}).`;
  return status === 'closed'
    ? 'The bridge: that one is over already, nothing is shown.'
    : 'The bridge: known already, nothing happens twice.';
}

/** Where the invitation stands, for the agent. */
export function statusSentence({ status, reason, mode }: Standing): string {
  switch (status) {
    case 'sent':
      return 'Written at LivePerson. The bridge will hear of it on its socket.';
    case 'lost':
      return 'The bridge was started anew, and with it the demo’s LivePerson, which has forgotten this chat. A visitor’s answer still counts.';
    case 'invited':
      return 'The visitor is being asked. Answer on the shop page.';
    case 'accepted':
      return 'The visitor said yes. Both sides are joining.';
    case 'active':
      return `Joined. The agent may ${MODE_WORDS[mode]}; the picture itself is carried by the chat platform’s own tool.`;
    case 'closed':
      return `Over: ${reason ? REASON_WORDS[reason] : 'it was closed'}.`;
    default:
      return 'Nobody has been asked yet.';
  }
}
