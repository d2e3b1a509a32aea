import fc from 'fast-check';
import { ACCOUNT } from '../../testing/bridge.ts';
import { bareEnd, change, dialog, mainDialog, notification } from '../../testing/notifications.ts';
import { readChange } from '../read-conversation.ts';
import { concernsCobrowsing } from './concerns-cobrowsing.ts';

const bytes = (frame: unknown): Buffer => Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame));

describe('a frame, told from its bytes', () => {
  it.each([
    ['an invitation', notification([change([mainDialog, dialog()])])],
    ['an end that says nearly nothing', notification([change([mainDialog, bareEnd()])])],
    ['a conversation that is over', notification([change([mainDialog], { stage: 'CLOSE' })])],
    ['a conversation that left', notification([change([mainDialog], {}, { type: 'DELETE' })])],
    ['an invitation with its letters escaped', JSON.stringify(notification([change([dialog()])])).replace('COBROWSE', '\\u0043OBROWSE')],
  ])('concerns cobrowsing: %s', (_, frame) => {
    expect(concernsCobrowsing(bytes(frame))).toBe(true);
  });

  it.each([
    ['a message', notification([change([mainDialog], { lastContentEventNotification: { event: { message: 'Hi \u{1F600} "there"' } } })])],
    ['an answer', { kind: 'resp', reqId: '1', code: 200, body: { currentTime: 1 } }],
    ['nothing at all', ''],
  ])('does not: %s', (_, frame) => {
    expect(concernsCobrowsing(bytes(frame))).toBe(false);
  });

  it('is passed over only when reading it would find nothing', () => {
    const text = fc.constantFrom('OPEN', 'CLOSE', 'COBROWSE', 'MESSAGING', 'UPSERT', 'DELETE', 'CLOSED', 'x');
    const anyDialog = fc.oneof(
      fc.record({ dialogId: text, channelType: text, state: text, metaData: fc.record({ sessionState: text }) }, { requiredKeys: [] }),
      fc.constant(mainDialog),
    );
    const anyChange = fc.record({ type: text, dialogs: fc.array(anyDialog, { maxLength: 3 }), state: text, stage: fc.option(text) });
    fc.assert(
      fc.property(anyChange, fc.boolean(), ({ type, dialogs, ...details }, escaped) => {
        const told = change(dialogs, { ...details, stage: details.stage ?? undefined }, { type });
        const json = JSON.stringify(notification([told]));
        const frame = bytes(escaped ? json.replaceAll('C', '\\u0043') : json);
        if (concernsCobrowsing(frame)) return;
        const [read] = (JSON.parse(frame.toString()) as { body: { changes: unknown[] } }).body.changes;
        expect(readChange(read, { accountId: ACCOUNT.id, agentIdForm: 'uuid', sentAt: null, now: Date.now() })).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});
