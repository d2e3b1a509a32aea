import type { Answer, CodeAnswer } from '#libs/protocol';
import { sessionView } from '../../testing/sessions.ts';
import { BridgeError } from '../domain/bridge-error.ts';
import { createAnswers } from './answers.ts';

const yes: Answer = { ok: true, session: sessionView({ id: 'ses_1', status: 'accepted', version: 2 }) };

/** A line to a bridge that notes what it is sent and answers when the test says so. */
function aLine({ open = true } = {}) {
  const sent: { what: string; acknowledge: (answer: Answer | CodeAnswer) => void }[] = [];
  const line = { open, dropped: 0 };
  const answers = createAnswers({
    isOpen: () => line.open,
    send: (kind, request, acknowledge) =>
      void sent.push({
        what: `${kind} ${Object.values(request).join()}`,
        acknowledge,
      }),
    drop: () => void line.dropped++,
  });
  return {
    answers,
    sent,
    line,
    drop: () => {
      line.open = false;
      answers.dropped();
    },
    reconnect: () => {
      line.open = true;
      answers.opened();
    },
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe("The visitor's answer", () => {
  it('is what the bridge says', async () => {
    const { answers, sent } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' });
    sent[0]?.acknowledge(yes);
    await expect(answer).resolves.toBe(yes);
    expect(sent.map(({ what }) => what)).toEqual(['accept ses_1']);
  });

  it('is sent once, however often it is given before the bridge has spoken', async () => {
    const { answers, sent } = aLine();
    const both = [answers.ask('accept', { sessionId: 'ses_1' }), answers.ask('accept', { sessionId: 'ses_1' })];
    expect(sent).toHaveLength(1);
    sent[0]?.acknowledge(yes);
    await expect(Promise.all(both)).resolves.toEqual([yes, yes]);
    const again = answers.ask('accept', { sessionId: 'ses_1' });
    expect(sent).toHaveLength(2);
    sent[1]?.acknowledge(yes);
    await again;
  });

  it('is the same only to the same question, also where that is a request for help', async () => {
    const { answers, sent } = aLine();
    const open = [
      answers.ask('request', {}),
      answers.ask('request', {}),
      answers.ask('request', { topic: 'boots' }),
      answers.ask('createCode', {}),
    ];
    expect(sent.map(({ what }) => what)).toEqual(['request ', 'request boots', 'createCode ']);
    const byCode: CodeAnswer = { ...yes, code: '123456' };
    for (const [at, answer] of [yes, yes, byCode].entries()) sent[at]?.acknowledge(answer);
    await expect(Promise.all(open)).resolves.toEqual([yes, yes, yes, byCode]);
  });

  it('waits for the connection', async () => {
    const { answers, sent, reconnect } = aLine({ open: false });
    const answer = answers.ask('decline', { sessionId: 'ses_1' });
    expect(sent).toHaveLength(0);
    reconnect();
    sent[0]?.acknowledge(yes);
    await expect(answer).resolves.toBe(yes);
  });

  it('is repeated once on the next connection when its acknowledgement was lost', async () => {
    const { answers, sent, drop, reconnect } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' });
    drop();
    reconnect();
    expect(sent.map(({ what }) => what)).toEqual(['accept ses_1', 'accept ses_1']);
    sent[1]?.acknowledge(yes);
    await expect(answer).resolves.toBe(yes);
  });

  it('is given up when it was lost twice', async () => {
    const { answers, sent, drop, reconnect } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' });
    drop();
    reconnect();
    drop();
    await expect(answer).rejects.toMatchObject({ code: 'unavailable' });
    reconnect();
    expect(sent).toHaveLength(2);
  });

  it('is not repeated on the connection that it went by', async () => {
    const { answers, sent } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' });
    answers.opened();
    expect(sent).toHaveLength(1);
    sent[0]?.acknowledge(yes);
    await answer;
  });

  it.each([
    ['acknowledges nothing', () => {}],
    ['is gone', (line: ReturnType<typeof aLine>) => line.drop()],
  ])('is unavailable after ten seconds when the bridge %s', async (_, happens) => {
    const line = aLine();
    const answer = line.answers.ask('accept', { sessionId: 'ses_1' });
    const refusal = answer.catch((error: unknown) => error);
    happens(line);
    jest.advanceTimersByTime(10_000);
    await expect(refusal).resolves.toMatchObject({ code: 'unavailable' });
  });

  it('goes by another connection when it is given again after the bridge acknowledged nothing', async () => {
    const { answers, line } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' }).catch(() => undefined);
    jest.advanceTimersByTime(9_999);
    expect(line.dropped).toBe(0);
    jest.advanceTimersByTime(1);
    await answer;
    expect(line.dropped).toBe(1);
  });

  it('closes no connection that it did not go by', async () => {
    const { answers, line } = aLine({ open: false });
    const answer = answers.ask('accept', { sessionId: 'ses_1' }).catch(() => undefined);
    jest.advanceTimersByTime(10_000);
    await answer;
    expect(line.dropped).toBe(0);
  });

  it('fails with the word of who closes the line, then and later', async () => {
    const { answers, sent } = aLine();
    const answer = answers.ask('accept', { sessionId: 'ses_1' });
    const why = new BridgeError('origin_not_allowed', 'Not here.');
    answers.close(why);
    await expect(answer).rejects.toBe(why);
    await expect(answers.ask('decline', { sessionId: 'ses_2' })).rejects.toBe(why);
    expect(sent).toHaveLength(1);
  });
});
