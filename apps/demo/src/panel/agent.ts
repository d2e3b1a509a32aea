import type { Conversation } from './conversation.ts';
import { type HookResult, MODE_WORDS, type Mode, type Reason, type Status } from './words.ts';

/** Where the newest invitation stands, as far as anybody told. */
export interface Standing {
  status: Status | undefined;
  reason: Reason | undefined;
  mode: Mode;
}

export interface Agent {
  invite(mode: Mode): void;
  /** An invitation that is good for 15 seconds. */
  inviteBriefly(mode: Mode): void;
  /** The same notification twice. */
  inviteTwice(mode: Mode): void;
  /** The end of an invitation before its beginning. */
  inviteOutOfOrder(mode: Mode): void;
  cancel(): void;
  join(): void;
  end(): void;
  /** Somebody tells how a session stands: a page, a callback, the hook's answer. */
  hear(told: { dialogId: string | null; status?: Status; reason?: Reason | null }): void;
}

interface Surroundings {
  conversation: Conversation;
  /** Hands a notification to the bridge and tells of it in a sentence; resolves to what the bridge made of it. */
  send: (json: string, sentence: string) => Promise<HookResult | undefined>;
  /** Whether the agent's side joins by itself when the visitor has said yes. */
  joinsAlone: () => boolean;
  changed: (standing: Standing) => void;
}

const ORDER: readonly Status[] = ['requested', 'invited', 'accepted', 'active', 'closed'];
const BRIEF_SECONDS = 15;

/** The agent's side of LivePerson: what each button makes it write. */
export function createAgent({ conversation, send, joinsAlone, changed }: Surroundings): Agent {
  let standing: Standing = { status: undefined, reason: undefined, mode: 'view' };
  let sending: Promise<unknown> = Promise.resolve();

  /** One after the other, as LivePerson sends what concerns one conversation. */
  function post(notification: object, sentence: string): void {
    const json = JSON.stringify(notification);
    sending = sending.then(async () => {
      const result = await send(json, sentence);
      if (result) hear(result);
    });
  }

  function begin(mode: Mode): void {
    standing = { status: undefined, reason: undefined, mode };
    changed(standing);
  }

  function hear({ dialogId, status, reason }: Parameters<Agent['hear']>[0]): void {
    if (dialogId !== conversation.dialogId || status === undefined) return;
    if (standing.status !== undefined && ORDER.indexOf(status) <= ORDER.indexOf(standing.status)) return;
    standing = { ...standing, status, reason: reason ?? undefined };
    changed(standing);
    if (status === 'accepted' && joinsAlone()) join();
  }

  function join(): void {
    post(conversation.accepted('accepted'), 'The agent’s side notes the visitor’s yes.');
    post(conversation.accepted('joined'), 'The agent’s side says: joined.');
  }

  const asks = (mode: Mode) => `The agent asks to ${MODE_WORDS[mode]}.`;

  return {
    hear,
    join,
    invite(mode) {
      begin(mode);
      post(conversation.invite(mode), asks(mode));
    },
    inviteBriefly(mode) {
      begin(mode);
      post(conversation.invite(mode, BRIEF_SECONDS), `${asks(mode)} It is good for ${BRIEF_SECONDS} seconds.`);
    },
    inviteTwice(mode) {
      begin(mode);
      const notification = conversation.invite(mode);
      post(notification, asks(mode));
      post(notification, 'The very same message comes once more.');
    },
    inviteOutOfOrder(mode) {
      begin(mode);
      const invited = conversation.invite(mode);
      post(conversation.closed('cancel_invitation'), 'Overtaken on the way: “the invitation is taken back” comes first.');
      post(invited, `Only now comes the invitation itself: ${asks(mode).toLowerCase()}`);
    },
    cancel: () => post(conversation.closed('cancel_invitation'), 'The agent takes the invitation back.'),
    end: () => post(conversation.closed('ended_by_agent'), 'The agent stops looking at the page.'),
  };
}
