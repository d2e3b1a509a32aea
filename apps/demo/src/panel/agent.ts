import type { Publish } from '#libs/protocol';
import type { Mode, Reason, Status } from './words.ts';

/** Where the newest invitation stands, as far as anybody told. */
export interface Standing {
  /** `sent`: written at LivePerson, and nobody has heard of it yet. `lost`: LivePerson's side has forgotten the chat. */
  status: Status | 'sent' | 'lost' | undefined;
  reason: Reason | undefined;
  mode: Mode;
  /** Whether there is a chat to be closed. */
  chatting: boolean;
}

export interface Wish {
  mode: Mode;
  expiresInSeconds?: number;
  mishap?: 'twice' | 'reordered';
}

export type Verb = 'start' | 'invite' | 'cancel' | 'join' | 'end' | 'close' | 'cut';

/** The visitor's chat at LivePerson; `dialogId` is the newest invitation's. */
export interface Chat {
  conversationId: string;
  dialogId: string | null;
}

export interface Agent {
  act(verb: Exclude<Verb, 'invite'>): void;
  invite(wish: Wish): void;
  /** Somebody tells how a session stands: a page, a callback, the bridge itself. */
  hear(told: { dialogId: string | null; status?: Status; reason?: Reason | null }): void;
  /** LivePerson's tag on a page was told something, and LivePerson brings it to the agent. */
  hearTag(publish: Publish): void;
  /** Whether the newest invitation was sent in the wrong order. */
  readonly reordered: boolean;
}

interface Surroundings {
  /** Asks the agent's client to do something; undefined when it could not. */
  ask: (verb: Verb, wish?: Wish) => Promise<Chat | undefined>;
  /** Whether the agent's side joins by itself when the visitor has said yes. */
  joinsAlone: () => boolean;
  changed: (standing: Standing) => void;
}

const ORDER: readonly Standing['status'][] = ['sent', 'requested', 'invited', 'accepted', 'active', 'closed'];

/** The agent's side as the panel sees it: what its buttons ask for, and where the newest invitation stands. */
export function createAgent({ ask, joinsAlone, changed }: Surroundings): Agent {
  let chat: Chat | undefined;
  let standing: Standing = { status: undefined, reason: undefined, mode: 'view', chatting: false };
  let asking: Promise<unknown> = Promise.resolve();
  let reordered = false;
  /** By dialog, because a page may tell of an invitation before the agent's client has its id. */
  const heard = new Map<string, Pick<Standing, 'status' | 'reason'>>();

  function become(change: Partial<Standing>): void {
    standing = { ...standing, ...change };
    changed(standing);
  }

  function listen(): void {
    const told = heard.get(chat?.dialogId ?? '');
    if (told && ORDER.indexOf(told.status) > ORDER.indexOf(standing.status)) become(told);
  }

  /** One after the other, as one clicks. */
  function queue(verb: Verb, wish?: Wish): void {
    asking = asking.then(async () => {
      if (wish) {
        if (chat) chat = { ...chat, dialogId: null };
        become({ status: undefined, reason: undefined, mode: wish.mode });
      }
      const answer = await ask(verb, wish);
      if (!answer) return;
      const forgotten = chat !== undefined && chat.conversationId !== answer.conversationId && standing.chatting && verb === 'start';
      const wasOpen = standing.status !== undefined && standing.status !== 'closed';
      chat = answer;
      become({
        chatting: verb !== 'close',
        ...(wish ? { status: 'sent' as const } : forgotten && wasOpen ? { status: 'lost' as const } : {}),
      });
      listen();
    });
  }

  return {
    get reordered() {
      return reordered;
    },
    act: (verb) => queue(verb),
    invite(wish) {
      reordered = wish.mishap === 'reordered';
      queue('invite', wish);
    },
    hear({ dialogId, status, reason }) {
      if (dialogId === null || status === undefined) return;
      const before = heard.get(dialogId)?.status;
      if (before !== undefined && ORDER.indexOf(status) <= ORDER.indexOf(before)) return;
      heard.set(dialogId, { status, reason: reason ?? undefined });
      listen();
    },
    hearTag({ event, data }) {
      const ours = chat !== undefined && data.serviceId.endsWith(`#${chat.conversationId}`);
      if (ours && event === 'cobrowseAccepted' && joinsAlone()) queue('join');
    },
  };
}
