import fc from 'fast-check';
import { engagementContextId, engagementId, toPublish } from './publishing.ts';

const data = { serviceId: 'visitor-1#conversation-1', agentId: '1.2', visitorName: 'visitor', mode: 'view', ssid: 'ses_1', svid: 'v-1' };

describe("What LivePerson's tag is told", () => {
  it.each([
    ['as the bridge made it where the page knows nothing', {}, {}],
    ["with the page's own monitoring ids", { ssid: 'sid', svid: 'vid' }, { ssid: 'sid', svid: 'vid' }],
    ['with what else is known', { scid: 's', cid: '1', eid: 77 }, { scid: 's', cid: '1', eid: '77' }],
    ['without what is empty, blank or nothing', { ssid: '', svid: ' ', scid: null, cid: undefined, eid: '\t' }, {}],
    ['without what is no text', { ssid: {}, svid: [], scid: true, cid: Number.NaN, eid: () => 'x' }, {}],
  ])('is %s', (_, known, more) => {
    expect(toPublish(data, known)).toEqual({ ...data, ...more });
  });

  it('is a fresh object whose every field is a text that is not empty, whatever the page knows', () => {
    const words = ['ssid', 'svid', 'scid', 'cid', 'eid', 'other'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...words), fc.anything()), (known) => {
        const published = toPublish(data, known);
        expect(published).not.toBe(data);
        for (const [name, value] of Object.entries(published)) {
          expect(name).not.toBe('other');
          expect(typeof value === 'string' && value.trim() !== '').toBe(true);
        }
      }),
    );
  });
});

describe('The engagement of a conversation', () => {
  it.each([
    ['is told in parts', [{ data: { conversationId: 'conversation-1' } }, { data: { engagementId: 77 } }], '77'],
    ['is not that of another one', [{ data: { conversationId: 'conversation-2', engagementId: 77 } }], undefined],
    ['is not that of a conversation without a name', [{ data: { conversationId: '', engagementId: 77 } }], undefined],
    ['is not known before it was told', [], undefined],
    ['is not in an odd history', [null, { data: 5 }, 'x'], undefined],
    ['is not in something else', 'x', undefined],
  ])('%s', (_, told, eid) => {
    expect(engagementId(told, 'visitor-1#conversation-1')).toBe(eid);
  });

  it.each([
    ['the newest of the engagement', [start(77, '1'), start(77, '2'), start(78, '3')], '2'],
    ['not that of another one', [start(78, '3')], undefined],
    ['not in an odd history', [null, { data: 5 }], undefined],
  ])('has for a context %s', (_, told, cid) => {
    expect(engagementContextId(told, '77')).toBe(cid);
  });
});

function start(engagement: number, contextId: string): object {
  return { data: { engagementId: engagement, contextId } };
}
