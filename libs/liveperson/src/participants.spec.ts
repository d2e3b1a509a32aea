import { AGENT, AGENT_NUMBER, CONVERSATION, VISITOR } from '../testing/notifications.ts';
import { agentAmong, readParticipants, visitorAmong } from './participants.ts';

const SERVICE = `${VISITOR}#${CONVERSATION}`;
const HEX64 = 'ab'.repeat(32);
const list = [
  { id: AGENT, role: 'ASSIGNED_AGENT' },
  { id: VISITOR, role: 'CONSUMER' },
];
const byNumber = { ASSIGNED_AGENT: [AGENT_NUMBER], CONSUMER: [HEX64] };
const byUuid = { ASSIGNED_AGENT: [AGENT], CONSUMER: [VISITOR] };

/** [shape, the conversation's participants, the dialog's, who visits, who helps by UUID, who helps by number] */
const shapes: [string, unknown[], unknown[], string | null, string | null, string | null][] = [
  ['A: a list with roles', [list], [], VISITOR, AGENT, AGENT],
  ['B: a map of role to ids', [byNumber], [], HEX64, AGENT_NUMBER, AGENT_NUMBER],
  ['B and C: both maps', [byUuid, byNumber], [], VISITOR, AGENT, AGENT_NUMBER],
  ['C: a map that lacks a role', [{ CONSUMER: [VISITOR] }, byNumber], [], VISITOR, AGENT_NUMBER, AGENT_NUMBER],
  ['D: details with a state', [list.map((p) => ({ ...p, state: 'ACTIVE' }))], [], VISITOR, AGENT, AGENT],
  ['E: plain ids, a dot', [], [VISITOR, AGENT_NUMBER], VISITOR, AGENT_NUMBER, AGENT_NUMBER],
  ['E: plain ids, a colon', [], [VISITOR, 'le83624296:356285412'], VISITOR, 'le83624296:356285412', 'le83624296:356285412'],
  ['E: plain ids, two UUIDs', [], [VISITOR, AGENT], VISITOR, AGENT, AGENT],
  ['E: the agent first', [], [AGENT_NUMBER, VISITOR], VISITOR, AGENT_NUMBER, AGENT_NUMBER],
  ['A and E', [list], [VISITOR, AGENT_NUMBER], VISITOR, AGENT, AGENT_NUMBER],
  ['a bare element with a role', [list[0], list[1]], [], VISITOR, AGENT, AGENT],
  ['a map with bare ids', [{ ASSIGNED_AGENT: AGENT, CONSUMER: VISITOR }], [], VISITOR, AGENT, AGENT],
  ['a bare id', [], [VISITOR], VISITOR, null, null],
  ['ids as numbers', [[{ id: 7, role: 'CONSUMER' }]], [7, 8], '7', '8', '8'],
  ['nobody', [], [], null, null, null],
  ['garbage', [[null, 1.5, [], { role: 'CONSUMER' }, { id: '', role: 'CONSUMER' }], 'x', false], [], null, null, null],
];

describe('who takes part', () => {
  it.each(shapes)('%s', (_name, conversation, dialogIds, visitor, byUuidForm, byNumberForm) => {
    const [named, own] = [readParticipants(...conversation), readParticipants(dialogIds)];
    expect(visitorAmong(named, own, null)).toBe(visitor);
    expect(agentAmong(named, own, visitor, 'uuid')).toBe(byUuidForm);
    expect(agentAmong(named, own, visitor, 'numeric')).toBe(byNumberForm);
  });

  it('takes the visitor from the service id when nobody is named', () => {
    expect(visitorAmong([], [], SERVICE)).toBe(VISITOR);
    expect(visitorAmong([], [], 'no-separator')).toBeNull();
    expect(visitorAmong([], [], `#${CONVERSATION}`)).toBeNull();
  });

  it('takes the visitor who is invited when a log-in has left two', () => {
    const two = readParticipants([
      { id: 'before', role: 'CONSUMER' },
      { id: VISITOR, role: 'CONSUMER' },
    ]);
    expect(visitorAmong(two, [], SERVICE)).toBe(VISITOR);
    expect(visitorAmong(two, [], null)).toBe('before');
  });

  it('prefers the CONSUMER to a service id that names somebody else', () => {
    expect(visitorAmong(readParticipants(list), [], `somebody#${CONVERSATION}`)).toBe(VISITOR);
  });

  it('prefers an agent who has taken the conversation, then one to whom it was offered, never a bot or a reader', () => {
    const people = readParticipants([
      { id: 'bot', role: 'CONTROLLER' },
      { id: 'reader', role: 'READER' },
      { id: 'offered', role: 'ASSIGNED_AGENT', state: 'SUGGESTED' },
      { id: 'manager', role: 'MANAGER' },
      { id: 'taken', role: 'ASSIGNED_AGENT', state: 'ACTIVE' },
    ]);
    expect(agentAmong(people, [], VISITOR, 'uuid')).toBe('taken');
    expect(agentAmong(people.slice(0, 4), [], VISITOR, 'uuid')).toBe('manager');
    expect(agentAmong(people.slice(0, 3), [], VISITOR, 'uuid')).toBe('offered');
    expect(agentAmong(people.slice(0, 2), [], VISITOR, 'uuid')).toBeNull();
  });

  it('are read up to a hundred, however many places name however many', () => {
    const crowd = Array.from({ length: 100_000 }, (_, i) => `p${i}`);
    expect(readParticipants(crowd)).toHaveLength(100);
    expect(readParticipants(crowd, crowd, { CONSUMER: crowd })).toHaveLength(100);
  });
});
