import fc from 'fast-check';
import type { Envelope } from '#libs/protocol';
import { life, type Step } from './sessions.ts';

type Live = Extract<Step, 'requested' | 'invited' | 'accepted' | 'active'>;

const LIVE: readonly Live[] = ['requested', 'invited', 'accepted', 'active'];

const ANYWHERE: readonly Step[] = ['superseded', 'conversation_closed', 'mode_not_allowed', 'platform_closed'];

/** Why a session may close that has come so far. */
const ENDS: Record<Live, readonly Step[]> = {
  requested: ['withdrawn', 'cancelled', 'expired', 'superseded'],
  invited: ['declined', 'cancelled', 'expired', ...ANYWHERE],
  accepted: ['visitor_ended', 'agent_ended', 'connection_lost', ...ANYWHERE],
  active: ['visitor_ended', 'agent_ended', 'limit_reached', ...ANYWHERE],
};

/** Every life that a session may have: forward only, statuses skipped or told again with something learned, closed for a legal reason or still open. */
export const anyLife: fc.Arbitrary<Envelope[]> = fc
  .subarray([...LIVE], { minLength: 1 })
  .chain((statuses) =>
    fc.record({
      statuses: fc.constant(statuses),
      again: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: statuses.length, maxLength: statuses.length }),
      end: fc.option(fc.constantFrom(...ENDS[statuses.at(-1) as Live]), { nil: undefined }),
    }),
  )
  .map(({ statuses, again, end }) =>
    life(...statuses.flatMap((status, index): Step[] => Array<Step>(again[index] ?? 1).fill(status)), ...(end ? [end] : [])),
  );

/** What a page may hear of a life: each event at most once and in order, but it may come late, and be away in between. */
export const anyHearing: fc.Arbitrary<Envelope[]> = anyLife.chain((events) => fc.subarray(events, { minLength: 1 }));

/** Whether a sequence of words is one that the automaton allows; the names of its states are its own business. */
export function allows(automaton: Record<string, Record<string, string>>, words: readonly string[], start = 'start'): boolean {
  let state: string | undefined = start;
  for (const word of words) {
    state = automaton[state]?.[word];
    if (state === undefined) return false;
  }
  return true;
}
