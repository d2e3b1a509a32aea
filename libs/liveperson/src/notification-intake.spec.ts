import fc from 'fast-check';
import { Contended, type Conversation, type ConversationRef, type Session } from '#libs/core';
import { Problem } from '#libs/protocol';
import { MemorySessions } from '../../core/testing/memory-sessions.ts';
import { ACCOUNT, bridgeOver } from '../testing/bridge.ts';
import { bareEnd, change, CONVERSATION, CREATED, DIALOG, dialog, mainDialog, notification } from '../testing/notifications.ts';
import { NotificationIntake } from './notification-intake.ts';

const NOW = CREATED + 1000;
const accepted = (key: string) => dialog({ sessionState: 'ACCEPTED', notificationKey: key });
const about = { conversationId: CONVERSATION, dialogId: DIALOG, sessionId: expect.stringMatching(/^ses_/) };

/** An intake before a bridge with sessions in memory, and how to hand it changes. */
function open(time = NOW, settings: Partial<typeof ACCOUNT.settings> = {}) {
  const sessions = new MemorySessions(time);
  const { bridge, shown } = bridgeOver(sessions);
  const intake = new NotificationIntake(bridge);
  const account = { ...ACCOUNT, settings: { ...ACCOUNT.settings, ...settings } };
  const take = (...changes: unknown[]) => intake.take(account, notification(changes, { sentTs: sessions.time }));
  const all = async () => (await sessions.list({ accountId: account.id, limit: 1000 })).items;
  return { intake, account, sessions, shown, take, all };
}

describe('a notification', () => {
  it('goes through the life of a session, one result per dialog', async () => {
    const { take, all } = open();
    const outcomes = [];
    for (const step of [dialog(), accepted('accepted'), accepted('joined'), bareEnd()])
      outcomes.push(await take(change([mainDialog, step])));
    expect(outcomes).toEqual([
      { changes: 1, results: [{ ...about, outcome: 'invited', status: 'invited' }] },
      { changes: 1, results: [{ ...about, outcome: 'accepted', status: 'accepted' }] },
      { changes: 1, results: [{ ...about, outcome: 'active', status: 'active' }] },
      { changes: 1, results: [{ ...about, outcome: 'closed', status: 'closed', reason: 'platform_closed' }] },
    ]);
    expect(await all()).toMatchObject([{ status: 'closed', mode: 'view', dialogId: DIALOG, expiresAt: CREATED + 90_000 }]);
  });

  it('repeated changes nothing and offers nothing again', async () => {
    const { take, shown } = open();
    await take(change(dialog()));
    expect((await take(change(dialog()))).results).toEqual([{ ...about, outcome: 'unchanged', status: 'invited' }]);
    expect(shown).toHaveLength(1);
  });

  it('that arrives after the end of its invitation is recorded and never offered', async () => {
    const { take, shown, all } = open(CREATED + 3 * 24 * 3_600_000);
    expect((await take(change(dialog()))).results).toEqual([
      { ...about, outcome: 'ignored', code: 'expired_on_arrival', status: 'closed', reason: 'expired' },
    ]);
    expect((await take(change(dialog()))).results).toMatchObject([{ outcome: 'unchanged', status: 'closed' }]);
    expect(shown).toEqual([]);
    expect(await all()).toHaveLength(1);
  });

  it('of an end before its beginning keeps the beginning from being offered', async () => {
    const { take, shown } = open();
    expect((await take(change(bareEnd()))).results).toEqual([{ ...about, outcome: 'closed', status: 'closed', reason: 'platform_closed' }]);
    expect((await take(change(dialog()))).results).toMatchObject([{ outcome: 'unchanged', status: 'closed' }]);
    expect(shown).toEqual([]);
  });

  it('with an old closed and a new invited dialog offers the new one, in either order', async () => {
    const [old, fresh] = [dialog({}, { dialogId: 'old', state: 'CLOSE', creationTs: CREATED - 60_000 }), dialog()];
    for (const dialogs of [
      [old, fresh],
      [fresh, old],
    ]) {
      const { take, shown } = open();
      await take(change(dialogs));
      expect(shown.map((e) => [e.type, e.session.dialogId])).toEqual([['session.invited', DIALOG]]);
    }
  });

  it('in a mode that the account does not allow is closed and never offered', async () => {
    const { take, shown } = open(NOW, { allowedModes: ['follow'] });
    expect((await take(change(dialog()))).results).toMatchObject([{ outcome: 'closed', reason: 'mode_not_allowed' }]);
    expect(shown).toEqual([]);
  });

  it('without a mode has the one of the account', async () => {
    const { take, all } = open(NOW, { defaultMode: 'follow' });
    await take(change(dialog({ mode: undefined })));
    expect(await all()).toMatchObject([{ mode: 'follow' }]);
  });

  it.each([
    ['a video call', dialog({ mode: 'VIDEO_CALL' }), 'call_mode'],
    ['an unknown mode', dialog({ mode: 'COBROWSE' }), 'unknown_mode'],
    ['a dialog without a state', dialog({ sessionState: undefined }), 'malformed_dialog'],
  ])('of %s is answered and leaves nothing', async (_name, what, code) => {
    const { take, all } = open();
    expect(await take(change(what))).toEqual({
      changes: 1,
      results: [{ conversationId: CONVERSATION, dialogId: DIALOG, outcome: 'ignored', code }],
    });
    expect(await all()).toEqual([]);
  });

  it("of the conversation's end closes what is live, and says so once", async () => {
    const { take } = open();
    await take(change(dialog()));
    const end = change([mainDialog], { stage: 'CLOSE' });
    expect((await take(end)).results).toEqual([
      { ...about, dialogId: null, outcome: 'closed', status: 'closed', reason: 'conversation_closed' },
    ]);
    expect((await take(end)).results).toEqual([]);
    expect((await take(change(dialog({}, { dialogId: 'late' })))).results).toMatchObject([
      { dialogId: 'late', outcome: 'closed', reason: 'conversation_closed' },
    ]);
  });

  it('of an end that lists its dialogs lets each have its own reason', async () => {
    const { take } = open();
    await take(change(dialog()));
    const cancelled = dialog({ sessionState: 'CLOSED', notificationKey: 'cancel_invitation' }, { state: 'CLOSE' });
    expect((await take(change(cancelled, { stage: 'CLOSE' }))).results).toMatchObject([
      { dialogId: DIALOG, outcome: 'closed', reason: 'cancelled' },
    ]);
  });

  it('of DELETE closes what was created before, and lets the conversation come back', async () => {
    const { take } = open();
    await take(change(dialog()));
    const gone = change([mainDialog], {}, { type: 'DELETE' });
    expect((await take(gone)).results).toMatchObject([{ dialogId: null, outcome: 'closed', reason: 'conversation_closed' }]);
    const again = change(dialog({}, { dialogId: 'again', creationTs: CREATED + 500 }));
    expect((await take(again)).results).toMatchObject([{ outcome: 'invited' }]);
    expect((await take(gone)).results).toEqual([]);
  });

  it('of a survey that follows a conversation ends nothing', async () => {
    const { take } = open();
    await take(change(dialog()));
    expect(await take(change([mainDialog], { state: 'CLOSE', stage: 'OPEN' }))).toEqual({ changes: 1, results: [] });
    expect((await take(change(dialog()))).results).toMatchObject([{ outcome: 'unchanged', status: 'invited' }]);
  });

  it('with one bad change does not spoil the others', async () => {
    const { take } = open();
    const { changes, results } = await take(null, change(Array.from({ length: 20_000 }, () => dialog())), change(dialog()), { result: {} });
    expect(changes).toBe(4);
    expect(results).toEqual([
      { conversationId: null, dialogId: null, outcome: 'ignored', code: 'malformed_change' },
      { conversationId: null, dialogId: null, outcome: 'ignored', code: 'malformed_change' },
      { conversationId: CONVERSATION, dialogId: null, outcome: 'ignored', code: 'too_many_dialogs' },
      { ...about, outcome: 'invited', status: 'invited' },
    ]);
  });

  it('with no change that can be read is refused', async () => {
    const { take, intake, account } = open();
    await expect(take(change(Array.from({ length: 20_000 }, () => dialog())))).rejects.toMatchObject({ code: 'bad_request' });
    await expect(take(change(Array.from({ length: 51 }, () => dialog())))).rejects.toThrow(
      /at most 1000 dialogs.* 50 open COBROWSE dialogs/,
    );
    await expect(take(null, {})).rejects.toBeInstanceOf(Problem);
    await expect(intake.take(account, Buffer.from('{'))).rejects.toMatchObject({ code: 'invalid_json' });
  });

  it('without changes, or of another kind, is taken and dropped', async () => {
    const { take, intake, account } = open();
    expect(await take()).toEqual({ changes: 0, results: [] });
    expect(await intake.take(account, { type: 'ms.MessagingEventNotification', body: { changes: [{}] } })).toEqual({
      changes: 0,
      results: [],
    });
  });

  it('of a conversation seen twice in one body is decided in its order', async () => {
    const { take, shown } = open();
    const { results } = await take(change(dialog()), change(bareEnd()));
    expect(results).toMatchObject([{ outcome: 'invited' }, { outcome: 'closed' }]);
    expect(shown.map((e) => e.type)).toEqual(['session.invited', 'session.closed']);
  });
});

describe('many conversations at once', () => {
  const conversation = (i: number, dialogs: unknown, details: object = {}) => {
    const { result } = change(dialogs, { ...details }) as { result: object };
    return { type: 'UPSERT', result: { ...result, convId: `conversation-${i}` } };
  };

  /** Sessions that count how many conversations are being read at once, and refuse some. */
  class Watched extends MemorySessions {
    busy = 0;
    most = 0;
    loads = 0;
    mostIds = 0;
    constructor(private readonly refuses: (ref: ConversationRef) => boolean = () => false) {
      super(NOW);
    }
    override async load(ref: ConversationRef, ids: readonly string[]): Promise<Conversation> {
      this.loads++;
      this.mostIds = Math.max(this.mostIds, ids.length);
      this.most = Math.max(this.most, ++this.busy);
      await new Promise((resolve) => setImmediate(resolve));
      this.busy--;
      if (this.refuses(ref)) throw new Contended('busy');
      return super.load(ref, ids);
    }
  }
  const intakeOver = (sessions: MemorySessions) => new NotificationIntake(bridgeOver(sessions).bridge);

  it('decides a conversation that lists hundreds of ended dialogs in pieces, all of them', async () => {
    const sessions = new Watched();
    const ended = Array.from({ length: 220 }, (_, i) => dialog({}, { dialogId: `ended-${i}`, state: 'CLOSE', creationTs: CREATED - i }));
    const { results } = await intakeOver(sessions).take(ACCOUNT, notification([change([...ended, dialog()])]));
    expect(results).toHaveLength(221);
    expect(results.at(-1)).toMatchObject({ dialogId: DIALOG, outcome: 'invited' });
    expect(sessions.mostIds).toBe(50);
  });

  it('drops those that do not concern cobrowsing before the store', async () => {
    const sessions = new Watched();
    const changes = Array.from({ length: 1000 }, (_, i) => conversation(i, i % 100 === 0 ? [mainDialog, dialog()] : [mainDialog]));
    const answer = await intakeOver(sessions).take(ACCOUNT, Buffer.from(JSON.stringify(notification(changes))));
    expect(answer.changes).toBe(1000);
    expect(answer.results.map((r) => r.outcome)).toEqual(Array.from({ length: 10 }, () => 'invited'));
    expect(sessions.loads).toBe(10);
  });

  it('handles no more than 64 at a time, and answers in their order', async () => {
    const sessions = new Watched();
    const changes = Array.from({ length: 300 }, (_, i) => conversation(i, dialog()));
    const { results } = await intakeOver(sessions).take(ACCOUNT, notification(changes));
    expect(results.map((r) => r.conversationId)).toEqual(changes.map((c) => c.result.convId));
    expect(sessions.most).toBe(64);
  });

  it('lets the others finish when one fails, and then asks to be sent again', async () => {
    const sessions = new Watched((ref) => ref.id === 'conversation-3');
    const changes = Array.from({ length: 200 }, (_, i) => conversation(i, dialog()));
    await expect(intakeOver(sessions).take(ACCOUNT, notification(changes))).rejects.toBeInstanceOf(Contended);
    expect((await sessions.list({ accountId: ACCOUNT.id, limit: 1000 })).items).toHaveLength(199);
  });

  it('decides what came of one conversation in several notifications at once in the order in which it came', async () => {
    const slow = new (class extends MemorySessions {
      private loads = 0;
      override async load(ref: ConversationRef, ids: readonly string[]): Promise<Conversation> {
        // The first is overtaken by whoever does not wait for it.
        for (let turns = this.loads++ === 0 ? 5 : 0; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
        return super.load(ref, ids);
      }
    })(NOW);
    const intake = intakeOver(slow);
    const answers = await Promise.all(
      [dialog(), dialog({ sessionState: 'CLOSED' }, { state: 'CLOSE' }), dialog()].map((told) =>
        intake.take(ACCOUNT, notification([conversation(1, told)])),
      ),
    );
    expect(answers.map(({ results }) => results[0]?.outcome)).toEqual(['invited', 'closed', 'unchanged']);
  });

  it('gives other requests their turn while a long one is read', async () => {
    const many = Array.from({ length: 900 }, (_, i) => ({
      ...mainDialog,
      dialogId: `d${i}`,
      participantsDetails: [{ id: `p${i}`, role: 'CONSUMER' }],
    }));
    const changes = Array.from({ length: 200 }, (_, i) => conversation(i, [...many, dialog({ mode: 'VIDEO_CALL' })]));
    let turns = 0;
    let over = false;
    const other = (): void => {
      if (over) return;
      turns++;
      setImmediate(other);
    };
    setImmediate(other);
    const { results } = await intakeOver(new Watched()).take(ACCOUNT, notification(changes));
    over = true;
    expect(results).toHaveLength(200);
    expect(turns).toBeGreaterThan(3);
  });
});

describe('the same notifications in whatever order', () => {
  const DIALOGS = ['a', 'b', 'c'];
  const when = (id: string): number => CREATED + DIALOGS.indexOf(id) * 100;
  const stage = (id: string, step: string): Record<string, unknown> =>
    ({
      invited: dialog({}, { dialogId: id, creationTs: when(id) }),
      accepted: dialog(
        { sessionState: 'ACCEPTED', notificationKey: 'accepted', serviceId: undefined, expires: undefined },
        { dialogId: id, creationTs: when(id) },
      ),
      joined: dialog({ sessionState: 'ACCEPTED', notificationKey: 'joined', expires: undefined }, { dialogId: id, creationTs: when(id) }),
      cancelled: dialog(
        { sessionState: 'CLOSED', notificationKey: 'cancel_invitation' },
        { dialogId: id, creationTs: when(id), state: 'CLOSE' },
      ),
      bare: bareEnd(id),
      call: dialog({ mode: 'VIDEO_CALL' }, { dialogId: id, creationTs: when(id) }),
      odd: dialog({ sessionState: 'PAUSED' }, { dialogId: id, creationTs: when(id) }),
    })[step]!;
  const steps = fc.constantFrom('invited', 'invited', 'accepted', 'joined', 'cancelled', 'bare', 'call', 'odd');
  const listed = fc.uniqueArray(fc.record({ id: fc.constantFrom(...DIALOGS), step: steps }), { selector: (d) => d.id, maxLength: 3 });
  const told = fc.oneof(
    { weight: 8, arbitrary: listed.map((dialogs) => change([mainDialog, ...dialogs.map((d) => stage(d.id, d.step))])) },
    {
      weight: 1,
      arbitrary: listed.map((dialogs) =>
        change(
          dialogs.map((d) => stage(d.id, d.step)),
          { stage: 'CLOSE' },
        ),
      ),
    },
    { weight: 1, arbitrary: fc.constant(change([mainDialog], { metaDataLastUpdateTs: CREATED + 150 }, { type: 'DELETE' })) },
  );

  const essence = ({ status, mode, createdAt, serviceId }: Session) => ({ status, mode, createdAt, serviceId });

  /** What the sessions are in the end. */
  const fold = async (changes: readonly unknown[]) => {
    const { take, all } = open();
    for (const one of changes) await take(one);
    return Object.fromEntries((await all()).map((session) => [session.dialogId, essence(session)]));
  };

  it('end in the same sessions, however often they are repeated', async () => {
    const orders = fc.array(told, { minLength: 1, maxLength: 6 }).chain((changes) =>
      fc.tuple(
        fc.constant(changes),
        fc
          .array(fc.constantFrom(...changes), { maxLength: 4 })
          .chain((again) => fc.shuffledSubarray([...changes, ...again], { minLength: changes.length + again.length })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([changes, shuffled]) => {
        expect(await fold(shuffled)).toEqual(await fold(changes));
      }),
      { numRuns: 500 },
    );
  });

  it('end in the same sessions in one body as one by one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 5 }), async (changes) => {
        const { take, all } = open();
        await take(...changes);
        const together = Object.fromEntries((await all()).map((session) => [session.dialogId, essence(session)]));
        expect(together).toEqual(await fold(changes));
      }),
      { numRuns: 200 },
    );
  });
});
