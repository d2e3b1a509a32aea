import type { AgentIdForm } from '#libs/core';
import { asArray, asText, isWire } from './wire.ts';

/** Somebody in a conversation. `role` is null where only the place in the list tells it. */
export interface Participant {
  id: string;
  role: string | null;
  /** Offered the conversation, has not taken it yet. */
  suggested: boolean;
}

/** No conversation has as many people; the rest of a longer list is not read. */
const MOST_PEOPLE = 100;

const AGENT_ROLES = ['ASSIGNED_AGENT', 'AGENT', 'MANAGER'];
const ROLES = ['CONSUMER', ...AGENT_ROLES];

/**
 * Reads every shape of participants that there is: a list of `{ id, role, state? }`, a map of role to ids, a list of plain ids, or
 * a bare element. Several places are read one after the other.
 */
export function readParticipants(...places: unknown[]): Participant[] {
  return places
    .flatMap((place) => {
      if (!isWire(place) || place.id !== undefined) return people(place);
      return ROLES.flatMap((role) => people(place[role]).map((person) => ({ ...person, role })));
    })
    .slice(0, MOST_PEOPLE);
}

function people(value: unknown): Participant[] {
  const found: Participant[] = [];
  for (const item of asArray(value).slice(0, MOST_PEOPLE)) {
    const person = isWire(item) ? item : { id: item };
    const id = asText(person.id);
    if (id !== null) found.push({ id, role: asText(person.role), suggested: person.state === 'SUGGESTED' });
  }
  return found;
}

/**
 * The visitor's id: the CONSUMER's. Where several are named, as after a log-in in mid-conversation, the one whom the service id
 * (`<consumerId>#<conversationId>`) invites. Where none is, the first of the dialog's plain ids that is not an agent's
 * number, or the service id's.
 */
export function visitorAmong(named: readonly Participant[], dialogIds: readonly Participant[], serviceId: string | null): string | null {
  const invited = serviceId?.includes('#') ? asText(serviceId.slice(0, serviceId.indexOf('#'))) : null;
  const consumers = [...named, ...dialogIds].filter((p) => p.role === 'CONSUMER').map((p) => p.id);
  if (invited !== null && consumers.includes(invited)) return invited;
  return consumers[0] ?? dialogIds.find((p) => p.role === null && formOf(p.id) === 'uuid')?.id ?? invited;
}

/**
 * The agent's id in the form that the account wants, otherwise in the other form. The dialog's own agent comes before the
 * conversation's assigned one, who comes before one to whom the conversation was only offered.
 */
export function agentAmong(
  named: readonly Participant[],
  dialogIds: readonly Participant[],
  visitorId: string | null,
  form: AgentIdForm,
): string | null {
  const others = dialogIds.filter((p, i) => p.role === null && p.id !== visitorId && (i > 0 || formOf(p.id) === 'numeric'));
  const byRole = AGENT_ROLES.flatMap((role) => [...dialogIds, ...named].filter((p) => p.role === role));
  const agents = [...others, ...byRole.filter((p) => !p.suggested), ...byRole.filter((p) => p.suggested)].map((p) => p.id);
  return agents.find((id) => formOf(id) === form) ?? agents[0] ?? null;
}

/** `<account>.<number>` or, in older samples, `<account>:<number>`; everything else is taken for a UUID. */
function formOf(id: string): AgentIdForm {
  return /^[^.:]+[.:]\d+$/.test(id) ? 'numeric' : 'uuid';
}
