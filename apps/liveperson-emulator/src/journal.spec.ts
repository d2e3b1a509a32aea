import { Journal } from './journal.ts';

describe('the journal', () => {
  it('waits for the next of a kind, or gives up', async () => {
    const journal = new Journal();
    journal.add('login', { outcome: 200 });
    const next = journal.next('login', ({ outcome }) => outcome === 401);
    journal.add('request', { outcome: 401 });
    journal.add('login', { outcome: 200 });
    journal.add('login', { outcome: 401 });
    expect(await next).toMatchObject({ kind: 'login', outcome: 401 });
    await expect(journal.next('login', undefined, 5)).rejects.toThrow('No login within 5 ms.');
  });

  it('counts what was there before, too', async () => {
    const journal = new Journal();
    journal.add('webhook', { status: 500 });
    const both = journal.until('webhook', 2);
    journal.add('webhook', { status: 200 });
    expect((await both).map(({ status }) => status)).toEqual([500, 200]);
  });

  it('can be followed', async () => {
    const journal = new Journal();
    const seen: unknown[] = [];
    const following = (async () => {
      for await (const { sequence } of journal.follow('notification')) if (seen.push(sequence) === 3) break;
    })();
    for (const sequence of [1, 2, 3]) journal.add('notification', { sequence });
    await following;
    expect(seen).toEqual([1, 2, 3]);
  });
});
