import fc from 'fast-check';
import { envelope, life, sessionView } from '../../testing/sessions.ts';
import type { Envelope, Status } from '../types.ts';
import { connected, heardAnswer, heardEvent, heardSnapshot, liveSessions, missedEnds, NO_SESSIONS, type Sessions } from './sessions.ts';

type Step = (sessions: Sessions) => Sessions | { sessions: Sessions };

/** What the page knows after it has heard all that. */
const known = (steps: Step[]): Sessions =>
  steps.reduce((sessions, step) => {
    const next = step(sessions);
    return 'sessions' in next ? next.sessions : next;
  }, NO_SESSIONS);

/** Everything that is heard one after the other, with what was news of it. */
function hear(steps: ((sessions: Sessions) => Sessions | { sessions: Sessions; news: Envelope[] })[]) {
  let sessions = NO_SESSIONS;
  const news: string[] = [];
  for (const step of steps) {
    const after = step(sessions);
    if ('news' in after) news.push(...after.news.map(({ id }) => id));
    sessions = 'news' in after ? after.sessions : after;
  }
  return { live: liveSessions(sessions).map(({ id, status, version }) => `${id} ${status} ${version}`), news };
}

const event = (one: Envelope | undefined) => (sessions: Sessions) => heardEvent(sessions, one as Envelope);
const snapshot =
  (...events: (Envelope | undefined)[]) =>
  (sessions: Sessions) =>
    heardSnapshot(sessions, events as Envelope[]);
const acknowledged = (one: Envelope | undefined) => (sessions: Sessions) => heardAnswer(sessions, (one as Envelope).session);

const [invited, accepted, closed] = life('a', 'invited', 'accepted', 'closed');
const [other] = life('b', 'invited');

describe('The page knows of its sessions', () => {
  it.each([
    ['what it is told', [event(invited)], ['a invited 1'], ['evt_a_1']],
    ['the same event once', [event(invited), event(invited)], ['a invited 1'], ['evt_a_1']],
    ['the newest version', [event(invited), event(accepted)], ['a accepted 2'], ['evt_a_1', 'evt_a_2']],
    ['nothing older than it has', [event(accepted), event(invited)], ['a accepted 2'], ['evt_a_2']],
    ['no more of a closed one', [event(closed), event(invited)], [], ['evt_a_3']],
    ['what the snapshot lists', [connected, snapshot(accepted)], ['a accepted 2'], ['evt_a_2']],
    ['nothing new in a snapshot that says the same', [event(invited), connected, snapshot(invited)], ['a invited 1'], ['evt_a_1']],
    [
      'that a session missing in a later snapshot is gone, and says nothing of why',
      [event(invited), connected, snapshot()],
      [],
      ['evt_a_1'],
    ],
    ['a session that came between connecting and the snapshot', [connected, event(invited), snapshot()], ['a invited 1'], ['evt_a_1']],
    ['that a gone one is not back because of an old event', [event(accepted), connected, snapshot(), event(invited)], [], ['evt_a_2']],
    [
      'that a gone one is back with news',
      [event(invited), connected, snapshot(), event(accepted)],
      ['a accepted 2'],
      ['evt_a_1', 'evt_a_2'],
    ],
    [
      'a gone one again when a snapshot has it',
      [event(invited), connected, snapshot(), connected, snapshot(invited)],
      ['a invited 1'],
      ['evt_a_1'],
    ],
    [
      'an answer before its event, which is still news',
      [event(invited), acknowledged(accepted), event(accepted)],
      ['a accepted 2'],
      ['evt_a_1', 'evt_a_2'],
    ],
    ['an answer older than it has as nothing', [event(closed), acknowledged(accepted)], [], ['evt_a_3']],
    ['a declined one as closed at once', [event(invited), acknowledged(closed)], [], ['evt_a_1']],
    ['several sessions', [event(invited), event(other), event(closed)], ['b invited 1'], ['evt_a_1', 'evt_b_1', 'evt_a_3']],
  ])('%s', (_, steps, live, news) => {
    expect(hear(steps)).toEqual({ live, news });
  });

  it('as handlers were told of them, however far an answer was ahead', () => {
    const told = (...steps: Step[]) => known(steps).known.get('a')?.told?.status;
    expect(told(event(invited), acknowledged(accepted))).toBe('invited');
    expect(told(event(invited), acknowledged(accepted), event(accepted))).toBe('accepted');
  });

  it('in the order newest first', () => {
    const at = (id: string, invitedAt: string) => event(envelope(sessionView({ id, invitedAt })));
    const { live } = hear([at('b', '2026-11-21T10:00:01.000Z'), at('c', '2026-11-21T10:00:02.000Z'), at('a', '2026-11-21T10:00:00.000Z')]);
    expect(live).toEqual(['c invited 1', 'b invited 1', 'a invited 1']);
  });
});

describe('The page has missed the end', () => {
  it.each([
    ['of what a later snapshot no longer has', [event(invited), connected, snapshot()], ['a']],
    ['of what it has asked for itself and was never told of', [acknowledged(invited), connected, snapshot()], ['a']],
    ['of what it knows as closed only by its own answer', [event(invited), acknowledged(closed), connected, snapshot()], ['a']],
    ['of nothing that it was told is closed', [event(invited), event(closed), connected, snapshot()], []],
    ['of nothing that is there', [event(invited), connected, snapshot(invited)], []],
    ['of nothing that came after the snapshot was taken', [connected, acknowledged(invited), snapshot()], []],
    ['no more once it was told', [event(invited), connected, snapshot(), event(closed)], []],
    ['still, at the next snapshot, when nobody has told it', [event(invited), connected, snapshot(), connected, snapshot()], ['a']],
  ])('%s', (_, steps: Step[], missed) => {
    expect(missedEnds(known(steps))).toEqual(missed);
  });
});

const lives = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .constantFrom<Status[]>(['invited'], ['invited', 'accepted', 'active'], ['invited', 'closed'], ['invited', 'accepted', 'closed'])
          .map((statuses) => life(id, ...statuses)),
      ),
    ),
  );

const liveAtTheEnd = (all: Envelope[][]) =>
  all
    .map((one) => one.at(-1) as Envelope)
    .filter(({ session }) => session.status !== 'closed')
    .map(({ session }) => session.id);

describe('Whatever the order and repetition of events and answers', () => {
  it('the newest version of every session stays, and is told once', () => {
    const heard = lives.chain((all) => {
      const events = all.flat();
      const copies = fc.array(fc.constantFrom(...events), { maxLength: 8 });
      return copies.chain((more) =>
        fc.record({
          all: fc.constant(all),
          order: fc.shuffledSubarray([...events, ...more], { minLength: events.length + more.length }),
          answers: fc.array(fc.constantFrom(...events)),
        }),
      );
    });
    fc.assert(
      fc.property(heard, fc.infiniteStream(fc.boolean()), ({ all, order, answers }, coin) => {
        const acknowledgements = answers.map(acknowledged);
        const steps = order.flatMap((one) => [...(coin.next().value ? acknowledgements.splice(0, 1) : []), event(one)]);
        const { live, news } = hear(steps);
        expect(live.map((text) => text.slice(0, 1)).toSorted()).toEqual(liveAtTheEnd(all).toSorted());
        expect(new Set(news).size).toBe(news.length);
        for (const one of all) {
          const told = news.filter((id) => id.startsWith(`evt_${one[0]?.session.id}_`));
          expect(told).toEqual(told.toSorted());
          expect(told.at(-1)).toBe(one.at(-1)?.id);
        }
      }),
    );
  });

  it('a page that was away ends where the bridge is', () => {
    const journey = lives.chain((all) =>
      fc.record({
        all: fc.constant(all),
        // How much of each life the page heard before, how much had happened when it connected, and when the snapshot was taken.
        marks: fc.tuple(
          ...all.map((one) =>
            fc.array(fc.nat({ max: one.length }), { minLength: 3, maxLength: 3 }).map((marks) => marks.toSorted((x, y) => x - y)),
          ),
        ),
        seed: fc.infiniteStream(fc.nat()),
      }),
    );
    fc.assert(
      fc.property(journey, ({ all, marks, seed }) => {
        const upTo = (mark: 0 | 1 | 2) => all.map((one, index) => one.slice(0, marks[index]?.[mark]));
        const before = upTo(0).flat();
        const truth = upTo(2).flatMap((one) => (one.at(-1)?.session.status === 'closed' ? [] : one.slice(-1)));
        const pushed = all.flatMap((one, index) => one.slice(marks[index]?.[1]));
        const after = [...pushed.map(event), snapshot(...truth)]
          .map((step) => ({ step, key: seed.next().value }))
          .toSorted((x, y) => x.key - y.key);
        const { live } = hear([...before.map(event), connected, ...after.map(({ step }) => step)]);
        expect(live.map((text) => text.slice(0, 1)).toSorted()).toEqual(liveAtTheEnd(all).toSorted());
      }),
    );
  });
});
