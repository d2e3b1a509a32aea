import fc from 'fast-check';
import { FOREVER, REASONS, sessionId } from '#libs/core';
import {
  AGENT,
  bareEnd,
  change,
  CONVERSATION,
  CREATED,
  DIALOG,
  dialog,
  mainDialog,
  notification,
  VISITOR,
} from '../testing/notifications.ts';
import { isReadable, MOST_DIALOGS, MOST_OPEN_COBROWSE_DIALOGS, readChange, type Reader } from './read-conversation.ts';
import { readNotification } from './read-notification.ts';

const reader: Reader = { accountId: '12345678', agentIdForm: 'uuid', sentAt: null, now: CREATED + 1000 };

/** What a change means, in one word per step: the commands in their order, then what was ignored. */
const meaning = (what: unknown, of = reader): string[] | null => {
  const reading = readChange(what, of);
  return reading && [...reading.steps.map((s) => s.command.type), ...reading.ignored.map((i) => i.code)];
};
const end = (what: unknown, of = reader): unknown => {
  const step = readChange(what, of)?.steps.find((s) => s.command.type === 'closeConversation');
  return step?.command.type === 'closeConversation' ? step.command.createdUntil : null;
};

describe('a change', () => {
  it('without a COBROWSE dialog does not concern us', () => {
    expect(meaning(change([mainDialog]))).toBeNull();
    expect(meaning(change([]))).toBeNull();
    expect(meaning(change(undefined))).toBeNull();
    expect(
      meaning(
        change([
          { ...mainDialog, channelType: undefined },
          { ...mainDialog, channelType: 'LIVECHAT' },
        ]),
      ),
    ).toBeNull();
    expect(meaning({ type: 'UPSERT', result: { convId: CONVERSATION } })).toBeNull();
  });

  it.each([
    ['a list', [mainDialog, dialog()]],
    ['a list in another order', [dialog(), mainDialog]],
    ['a bare element', dialog()],
  ])('may have its dialogs as %s', (_name, dialogs) => expect(meaning(change(dialogs))).toEqual(['invite']));

  it.each([['UPSERT'], [undefined], ['upsert'], ['SOMETHING'], [7]])('of type %p is news of the conversation', (type) => {
    expect(meaning(change(dialog(), {}, { type }))).toEqual(['invite']);
  });

  it('may have its conversation id inside the details only', () => {
    const { result } = change(dialog(), { convId: CONVERSATION }) as { result: object };
    expect(readChange({ result: { ...result, convId: undefined } }, reader)?.conversationId).toBe(CONVERSATION);
  });

  it('tells the monitoring ids of the page and every kind of participant', () => {
    const told = change([dialog({}, { participants: undefined, participantsDetails: [{ id: 'visitor-9', role: 'CONSUMER' }] })], {
      participants: undefined,
      participantsPId: { ASSIGNED_AGENT: [AGENT] },
      context: { type: 'SharkContext', sessionId: 'session-9', visitorId: 'monitored-9' },
    });
    expect(readChange(told, reader)?.steps[0]?.command).toMatchObject({
      facts: { visitor: { id: 'visitor-9' }, agent: { id: AGENT }, monitoring: { sessionId: 'session-9', visitorId: 'monitored-9' } },
    });
  });

  it('finds the visitor among the details of another dialog', () => {
    const main = { ...mainDialog, participantsDetails: { id: VISITOR, role: 'CONSUMER' } };
    const told = change([main, dialog({ serviceId: undefined }, { participants: undefined })], { participants: undefined });
    expect(readChange(told, reader)?.steps[0]?.command).toMatchObject({ facts: { visitor: { id: VISITOR }, serviceId: null } });
  });

  it('with an old closed and a new invited dialog tells both, the end first, in either order', () => {
    const [old, fresh] = [dialog({ sessionState: 'CLOSED' }, { dialogId: 'old', state: 'CLOSE' }), dialog({}, { dialogId: 'new' })];
    for (const dialogs of [
      [old, fresh],
      [fresh, old],
    ]) {
      expect(readChange(change(dialogs), reader)?.steps.map((s) => [s.dialogId, s.command.type])).toEqual([
        ['old', 'close'],
        ['new', 'invite'],
      ]);
    }
  });

  it('with a bad dialog still tells the others', () => {
    expect(
      meaning(change([null, 7, dialog({}, { dialogId: {} }), dialog({ mode: 'VIDEO_CALL' }, { dialogId: 'call' }), dialog()])),
    ).toEqual(['invite', 'malformed_dialog', 'call_mode']);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['stage OPEN, state OPEN', { stage: 'OPEN', state: 'OPEN' }, null],
    ['stage OPEN, state CLOSE: a survey follows', { stage: 'OPEN', state: 'CLOSE' }, null],
    ['stage LOCKED', { stage: 'LOCKED', state: 'CLOSE' }, null],
    ['stage CLOSE, state CLOSE', { stage: 'CLOSE', state: 'CLOSE' }, FOREVER],
    ['stage CLOSE, state OPEN', { stage: 'CLOSE', state: 'OPEN' }, FOREVER],
    ['no stage, state CLOSE', { stage: undefined, state: 'CLOSE' }, FOREVER],
    ['stage null, state CLOSE', { stage: null, state: 'CLOSE' }, FOREVER],
    ['no stage, state OPEN', { stage: undefined, state: 'OPEN' }, null],
    ['neither', { stage: undefined, state: undefined }, null],
  ])('ends the conversation or not: %s', (_name, details, createdUntil) => expect(end(change([mainDialog], details))).toBe(createdUntil));

  it('of type DELETE ends what was created until then', () => {
    const gone = (details: object, more: object = {}) =>
      change([mainDialog], { metaDataLastUpdateTs: undefined, ...details }, { type: 'DELETE', ...more });
    expect(end(gone({ metaDataLastUpdateTs: CREATED }))).toBe(CREATED);
    expect(end(gone({}), { ...reader, sentAt: CREATED + 5 })).toBe(CREATED + 5);
    expect(end(gone({}))).toBe(reader.now);
    expect(end({ type: 'DELETE', result: { convId: CONVERSATION } })).toBe(reader.now);
    expect(end(gone({ metaDataLastUpdateTs: CREATED, stage: 'CLOSE' }))).toBe(FOREVER);
  });

  it('of type DELETE ends a dialog that it lists, even if the conversation was told of last before', () => {
    expect(end(change(dialog({}, { creationTs: CREATED + 7 }), { metaDataLastUpdateTs: CREATED }, { type: 'DELETE' }))).toBe(CREATED + 7);
  });

  it('that ends the conversation tells first what ended by itself, then the end, then the rest', () => {
    const swept = dialog({}, { dialogId: 'swept', state: 'CLOSE' });
    const dialogs = [
      dialog({}, { dialogId: 'open' }),
      swept,
      bareEnd('over'),
      dialog({ sessionState: 'ACCEPTED' }, { dialogId: 'joining' }),
    ];
    expect(readChange(change(dialogs, { stage: 'CLOSE' }), reader)?.steps.map((s) => [s.dialogId, s.command.type])).toEqual([
      ['over', 'close'],
      [null, 'closeConversation'],
      ['swept', 'close'],
      ['open', 'invite'],
      ['joining', 'confirm'],
    ]);
  });

  it.each([
    ['null', null],
    ['text', 'UPSERT'],
    ['a list', [change(dialog())]],
    ['no result', { type: 'UPSERT' }],
    ['a result that is text', { result: 'x' }],
    ['no conversation id', { result: { conversationDetails: { dialogs: [dialog()] } } }],
    ['an endless conversation id', { result: { convId: 'x'.repeat(257), conversationDetails: {} } }],
    ['a conversation id with a NUL', { result: { convId: '\u0000', conversationDetails: {} } }],
    ['details that are text', { result: { convId: CONVERSATION, conversationDetails: 'x' } }],
  ])('that is malformed says so: %s', (_name, what) => {
    expect(meaning(what)).toEqual(['malformed_change']);
    expect(isReadable(readChange(what, reader))).toBe(false);
  });

  const many = (count: number, fields: (i: number) => object) =>
    change(Array.from({ length: count }, (_, i) => dialog({}, { dialogId: `d${i}`, ...fields(i) })));

  it('with more dialogs than are read is not read at all', () => {
    expect(meaning(many(20_000, () => ({})))).toEqual(['too_many_dialogs']);
    expect(meaning(many(MOST_DIALOGS + 1, () => ({ channelType: 'MESSAGING' })))).toEqual(['too_many_dialogs']);
    expect(meaning(many(MOST_OPEN_COBROWSE_DIALOGS + 1, () => ({})))).toEqual(['too_many_dialogs']);
    expect(meaning(many(MOST_OPEN_COBROWSE_DIALOGS, () => ({})))).toHaveLength(MOST_OPEN_COBROWSE_DIALOGS);
  });

  it('may list every cobrowse that a long conversation has had', () => {
    const listed = many(MOST_DIALOGS, (i) => (i === 0 ? {} : { state: 'CLOSE' }));
    expect(meaning(listed)?.filter((word) => word === 'close')).toHaveLength(MOST_DIALOGS - 1);
    expect(meaning(listed)?.at(-1)).toBe('invite');
  });

  it('gives every session the id that its names stand for', () => {
    expect(readChange(change(dialog()), reader)?.steps[0]?.command).toHaveProperty(
      'sessionId',
      sessionId('dialog', '12345678', CONVERSATION, DIALOG),
    );
  });
});

/** JSON that looks like LivePerson's here and there, with anything in every place. */
const odd = fc.letrec<{ node: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(
      'COBROWSE',
      'INVITED',
      'ACCEPTED',
      'CLOSED',
      'CLOSE',
      'OPEN',
      'joined',
      'view',
      'VIDEO_CALL',
      'DELETE',
      '',
      'x'.repeat(300),
      'a\u0000',
      '\ud83d',
      -1,
      0,
      1e300,
      1763712120.44,
    ),
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'dialogs',
        'dialogId',
        'channelType',
        'metaData',
        'sessionState',
        'state',
        'stage',
        'mode',
        'expires',
        'creationTs',
        'participants',
        'CONSUMER',
        'id',
        'role',
        'context',
        'serviceId',
        'notificationKey',
        'constructor',
        '__proto__',
      ),
      tie('node'),
    ),
  ),
})).node;

describe('anything at all', () => {
  const texts = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];

  const isInBounds = (what: unknown): void => {
    const reading = readChange(what, reader);
    for (const { command } of reading?.steps ?? []) {
      for (const text of texts(command)) expect(text).toMatch(/^[^\p{Cc}\p{Cs}]{1,256}$/u);
      if (command.type === 'close') expect(REASONS).toContain(command.reason);
      if ('facts' in command)
        for (const at of [command.facts.createdAt, command.facts.expires])
          expect(at === null || (Number.isInteger(at) && at > 0)).toBe(true);
    }
  };

  it('gives commands within bounds or none, and never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), isInBounds));
    fc.assert(
      fc.property(odd, odd, odd, (a, b, c) => isInBounds({ type: a, result: { convId: 'c', conversationDetails: { dialogs: [b, c] } } })),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(odd, fc.dictionary(fc.constantFrom('state', 'participants', 'creationTs', 'dialogId'), odd), (meta, fields) =>
        isInBounds(change(dialog({ odd: meta, ...Object(meta) }, fields))),
      ),
      { numRuns: 300 },
    );
  });

  it('means the same after a trip through JSON', () => {
    const changes = [change([mainDialog, dialog()], { context: { sessionId: 's' } })];
    const frame = readNotification(JSON.parse(JSON.stringify(notification(changes))));
    expect(readChange(frame?.changes[0], reader)).toEqual(readChange(changes[0], reader));
  });
});
