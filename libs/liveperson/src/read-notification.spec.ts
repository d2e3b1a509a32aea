import fc from 'fast-check';
import { Problem } from '#libs/protocol';
import { MOST_CHANGES, parseBody, readNotification } from './read-notification.ts';

const body = { changes: [{ a: 1 }, { b: 2 }] };
const problem = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'none';
};

describe('a frame', () => {
  it.each([
    ['the webhook', { kind: 'notification', type: 'cqm.ExConversationChangeNotification', body }],
    [
      "the consumer's socket",
      { kind: 'notification', type: 'cqm.ExConversationChangeNotification', body: { subscriptionId: 's', sentTs: 1763712000450, ...body } },
    ],
    ["the agent's socket", { kind: 'notification', type: '.ams.aam.ExConversationChangeNotification', body }],
    ["LivePerson's message builder", { kind: 'notification', type: 'aam.ExConversationChangeNotification', body }],
    ['an SDK that hands on the body', { subscriptionId: 's', ...body }],
    ['an envelope without a type', { kind: 'notification', body }],
  ])('is read as it comes from %s', (_name, frame) => expect(readNotification(frame)?.changes).toEqual(body.changes));

  it('tells when it was sent, if it does', () => {
    expect(readNotification({ ...body, sentTs: 1763712000450 })?.sentAt).toBe(1763712000450);
    expect(readNotification(body)?.sentAt).toBeNull();
  });

  it('may hold one change as its bare element, or none', () => {
    expect(readNotification({ changes: { a: 1 } })?.changes).toEqual([{ a: 1 }]);
    expect(readNotification({ changes: [] })?.changes).toEqual([]);
  });

  it.each(['ms.MessagingEventNotification', 'cqm.SubscribeExConversationsResponse', 'GetClockResponse', ''])(
    'of another kind, %p, is none of our business',
    (type) => {
      expect(readNotification({ kind: 'notification', type, body: { changes: [{}] } })).toBeNull();
    },
  );

  it.each([
    ['text', 'hello'],
    ['a number', 7],
    ['null', null],
    ['a list', [body]],
    ['an empty object', {}],
    ['another object', { hello: 'world' }],
    ['a type without a body', { type: 'cqm.ExConversationChangeNotification' }],
    ['a type with another body', { type: 'cqm.ExConversationChangeNotification', body: 'x' }],
    ['a body without changes', { type: 'cqm.ExConversationChangeNotification', body: {} }],
    ['changes beside the body', { type: 'cqm.ExConversationChangeNotification', ...body }],
    ['changes that are text', { changes: 'all' }],
    ['more changes than any notification has', { changes: Array.from({ length: MOST_CHANGES + 1 }, () => ({})) }],
  ])('that is %s is a bad request', (_name, frame) => expect(problem(() => readNotification(frame))).toBe('bad_request'));

  it.each(['', ' ', '{', '{"a":1,}', 'hello', '{"a":NaN}', '\u0000'])('that is not JSON is refused: %p', (text) => {
    expect(problem(() => parseBody(Buffer.from(text)))).toBe('invalid_json');
  });

  it('is a notification, none of ours or a problem, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) =>
        ['invalid_json', 'bad_request', 'none'].includes(problem(() => readNotification(parseBody(Buffer.from(bytes))))),
      ),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => ['bad_request', 'none'].includes(problem(() => readNotification(value)))));
  });
});
