import type { Mode } from './words.ts';
import { randomId } from './random-id.ts';

const BRAND = 'demo';
const INVITATION_SECONDS = 120;

/**
 * LivePerson's side: one conversation, and in it the invitation, which is a dialog of its own. Each method answers the notification
 * that LivePerson's webhook would send, with the whole conversation as it is then. Shapes as in the Messaging Window API's CoBrowse tutorial.
 */
export class Conversation {
  private readonly id = randomId();
  private readonly agentId = randomId();
  private readonly startedAt: number;
  private dialog: { dialogId: string; mode: Mode; createdAt: number; seconds: number };

  constructor(
    private readonly visitorId: string,
    private readonly now: () => number = Date.now,
  ) {
    this.startedAt = now();
    this.dialog = { dialogId: '', mode: 'view', createdAt: this.startedAt, seconds: INVITATION_SECONDS };
  }

  /** The newest invitation's. */
  get dialogId(): string {
    return this.dialog.dialogId;
  }

  /** A new invitation. */
  invite(mode: Mode, seconds = INVITATION_SECONDS): object {
    this.dialog = { dialogId: randomId(), mode, createdAt: this.now(), seconds };
    return this.invited();
  }

  /** The newest invitation again. */
  invited(): object {
    const { createdAt, seconds } = this.dialog;
    const expires = (createdAt + seconds * 1000) / 1000;
    return this.notification('OPEN', {
      serviceId: `${this.visitorId}#${this.id}`,
      expires,
      sessionState: 'INVITED',
      notificationKey: 'invited',
    });
  }

  /** The agent's side has heard the visitor's yes, and a moment later the two have joined. */
  accepted(notificationKey: 'accepted' | 'joined'): object {
    return this.notification('OPEN', { sessionState: 'ACCEPTED', notificationKey });
  }

  /** Only `cancel_invitation` was ever seen on LivePerson's wire; the other is the likely spelling of its SDK's "ended by agent". */
  closed(notificationKey: 'cancel_invitation' | 'ended_by_agent'): object {
    return this.notification('CLOSE', { sessionState: 'CLOSED', notificationKey });
  }

  private notification(state: 'OPEN' | 'CLOSE', metaData: object): object {
    const { dialogId, mode, createdAt } = this.dialog;
    const sentTs = this.now();
    const consumer = { id: this.visitorId, role: 'CONSUMER' };
    const main = { dialogId: this.id, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN', creationTs: this.startedAt };
    const invitation = {
      dialogId,
      dialogType: 'OTHER',
      channelType: 'COBROWSE',
      state,
      creationTs: createdAt,
      metaDataLastUpdateTs: sentTs,
      participants: [this.visitorId, `${BRAND}.1001`],
      metaData: { ...metaData, mode, dialogId },
    };
    const conversationDetails = {
      skillId: '-1',
      brandId: BRAND,
      state: 'OPEN',
      stage: 'OPEN',
      startTs: this.startedAt,
      metaDataLastUpdateTs: sentTs,
      participants: [consumer, { id: this.agentId, role: 'ASSIGNED_AGENT' }],
      dialogs: [main, invitation],
    };
    const change = { type: 'UPSERT', result: { convId: this.id, effectiveTTR: -1, conversationDetails } };
    return { kind: 'notification', type: 'cqm.ExConversationChangeNotification', body: { sentTs, changes: [change] } };
  }
}
