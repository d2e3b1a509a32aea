import { createHmac, randomUUID } from 'node:crypto';
import type { Reply, TestAccount } from './api.ts';
import type { RunningProgram } from './program.ts';

/** One conversation on LivePerson's side, as its webhooks tell of it. */
export class TestConversation {
  readonly convId = randomUUID();
  readonly agentId = '44444444-aaaa-5bbb-8ccc-000000000004';
  private readonly dialogs = new Map<string, Record<string, unknown>>();
  private stage: 'OPEN' | 'CLOSE' = 'OPEN';

  constructor(readonly consumerId: string = randomUUID()) {}

  /** The agent invites. Answers the dialog's id. */
  invite(told: { mode?: string; dialogId?: string; createdAt?: number; secondsLeft?: number } = {}): string {
    const { mode = 'view', dialogId = randomUUID(), createdAt = Date.now(), secondsLeft = 120 } = told;
    const metaData = {
      serviceId: `${this.consumerId}#${this.convId}`,
      mode,
      expires: (createdAt + secondsLeft * 1000) / 1000,
      sessionState: 'INVITED',
      notificationKey: 'invited',
      dialogId,
    };
    const dialog = {
      dialogId,
      dialogType: 'OTHER',
      channelType: 'COBROWSE',
      state: 'OPEN',
      creationTs: createdAt,
      metaDataLastUpdateTs: createdAt,
      participants: [this.consumerId, '12345678.987654'],
      metaData,
    };
    this.dialogs.set(dialogId, dialog);
    return dialogId;
  }

  accepted(dialogId: string, notificationKey: 'accepted' | 'joined' = 'accepted'): void {
    this.change(dialogId, { metaData: { sessionState: 'ACCEPTED', notificationKey, mode: 'view' } });
  }

  /** Nearly empty, as the tutorial's sample is. */
  closed(dialogId: string, notificationKey?: string): void {
    this.dialogs.set(dialogId, {
      dialogId,
      dialogType: 'OTHER',
      channelType: 'COBROWSE',
      metaData: { sessionState: 'CLOSED', ...(notificationKey ? { notificationKey } : {}) },
    });
  }

  end(): void {
    this.stage = 'CLOSE';
  }

  /** The conversation as it is now, in a webhook's envelope. */
  notification(type: 'UPSERT' | 'DELETE' = 'UPSERT'): object {
    const main = {
      dialogId: this.convId,
      dialogType: 'MAIN',
      channelType: 'MESSAGING',
      state: this.stage,
      creationTs: Date.now() - 60_000,
    };
    const conversationDetails = {
      skillId: '-1',
      brandId: '12345678',
      state: this.stage,
      stage: this.stage,
      startTs: Date.now() - 60_000,
      metaDataLastUpdateTs: Date.now(),
      participants: [
        { id: this.consumerId, role: 'CONSUMER' },
        { id: this.agentId, role: 'ASSIGNED_AGENT' },
      ],
      dialogs: [main, ...this.dialogs.values()],
    };
    return {
      kind: 'notification',
      type: 'cqm.ExConversationChangeNotification',
      body: { changes: [{ type, result: { convId: this.convId, effectiveTTR: -1, conversationDetails } }] },
    };
  }

  private change(dialogId: string, change: object): void {
    this.dialogs.set(dialogId, { ...this.dialogs.get(dialogId), metaDataLastUpdateTs: Date.now(), ...change });
  }
}

export interface HookAnswer {
  changes: number;
  results: {
    conversationId: string;
    dialogId: string | null;
    sessionId?: string;
    outcome: string;
    status?: string;
    reason?: string;
    code?: string;
  }[];
}

/** Posts a webhook as LivePerson does: signed over the raw bytes. */
export async function postHook(
  program: RunningProgram,
  account: TestAccount,
  notification: object | string | Buffer,
  signature?: string,
): Promise<Reply<HookAnswer>> {
  const raw = Buffer.isBuffer(notification)
    ? notification
    : Buffer.from(typeof notification === 'string' ? notification : JSON.stringify(notification));
  const signed = signature ?? `sha256=${createHmac('sha256', account.appSecret).update(raw).digest('base64')}`;
  const response = await fetch(`${program.url}/v1/hooks/liveperson/${account.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-liveperson-signature': signed, 'x-liveperson-account-id': account.id },
    body: new Uint8Array(raw),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as HookAnswer };
}
