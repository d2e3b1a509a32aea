import { type Account, DEFAULT_SETTINGS } from '#libs/core';
import type { HookAnswer, StreamReport } from '#libs/liveperson';
import { Overheard } from './overheard.ts';

const account = (id: string): Account => ({ id, name: id, settings: DEFAULT_SETTINGS, createdAt: 0 });
const change = (convId: string) => ({ type: 'UPSERT', result: { convId } });
const FRAME = { kind: 'notification', type: 't', body: { sentTs: 1, changes: [change('one'), change('two'), change('one')] } };
const ANSWER: HookAnswer = { changes: 3, results: [{ conversationId: 'two', dialogId: 'd', outcome: 'invited' }] };

function hearing(take: () => Promise<HookAnswer> = async () => ANSWER) {
  const overheard = new Overheard('demo');
  const heard: unknown[] = [];
  overheard.listen({
    notification: ({ conversationId, notification }) => heard.push([conversationId, notification]),
    answer: ({ conversationId, results, error }) => heard.push([conversationId, results, error]),
    stream: ({ state }) => heard.push(state),
  });
  return { overheard, heard, intake: overheard.around({ take }) };
}

describe('what the demo overhears', () => {
  it('is each conversation by itself, first as it came and then with what became of it', async () => {
    const { intake, heard } = hearing();
    expect(await intake.take(account('demo'), FRAME)).toBe(ANSWER);
    const part = (...changes: object[]) => ({ ...FRAME, body: { sentTs: 1, changes } });
    expect(heard).toEqual([
      ['one', part(change('one'), change('one'))],
      ['two', part(change('two'))],
      ['one', [], undefined],
      ['two', ANSWER.results, undefined],
    ]);
  });

  it('is nothing of other accounts', async () => {
    const { overheard, intake, heard } = hearing();
    expect(await intake.take(account('brand'), FRAME)).toBe(ANSWER);
    overheard.status({ accountId: 'brand', state: 'subscribed' } as StreamReport);
    expect([heard, overheard.stream]).toEqual([[], null]);
  });

  it('is an error, too, which stays one', async () => {
    const { intake, heard } = hearing(() => Promise.reject(new Error('no store')));
    await expect(intake.take(account('demo'), { body: { changes: [change('one')] } })).rejects.toThrow('no store');
    expect(heard.at(-1)).toEqual(['one', [], 'no store']);
  });

  it('is nothing of a frame that cannot be read', async () => {
    const { intake, heard } = hearing();
    for (const frame of [{}, { body: 3 }, { body: { changes: 'x' } }, { body: { changes: [{}, null] } }])
      await intake.take(account('demo'), frame);
    expect(heard).toEqual([]);
  });

  it('is how the stream is', () => {
    const { overheard, heard } = hearing();
    overheard.status({ accountId: 'demo', state: 'waiting' } as StreamReport);
    expect([heard, overheard.stream?.state]).toEqual([['waiting'], 'waiting']);
  });
});
