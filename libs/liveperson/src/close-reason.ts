import type { Reason } from '#libs/core';

/**
 * Why LivePerson says a dialog is over. `cancel_invitation` is seen in public code; the others are the likely spellings of the
 * sub-states that its iOS SDK has texts for (CallDeclined, CallTimeout, CallEndedByAgent …), so case, underscores and the prefix
 * are passed over. An end without a doer, and every key that is not known, is `platform_closed`. It is a function of the key alone:
 * a reason that looked at the session would depend on the order in which notifications arrive.
 */
export function closeReason(notificationKey: unknown): Reason {
  if (typeof notificationKey !== 'string' || notificationKey.length > 64) return 'platform_closed';
  const key = notificationKey.toLowerCase().replace(/[^a-z]/g, '');
  return REASON_OF.get(key.replace(/^(call|cobrowse)/, '')) ?? 'platform_closed';
}

const REASON_OF = new Map<string, Reason>([
  ['cancel', 'cancelled'],
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['cancelinvitation', 'cancelled'],
  ['canceledinvitation', 'cancelled'],
  ['cancelledinvitation', 'cancelled'],
  ['invitationcanceled', 'cancelled'],
  ['invitationcancelled', 'cancelled'],
  ['decline', 'declined'],
  ['declined', 'declined'],
  ['declineinvitation', 'declined'],
  ['declinedinvitation', 'declined'],
  ['invitationdeclined', 'declined'],
  ['rejected', 'declined'],
  ['timeout', 'expired'],
  ['timedout', 'expired'],
  ['invitationtimeout', 'expired'],
  ['expired', 'expired'],
  ['invitationexpired', 'expired'],
  ['missed', 'expired'],
  ['endedbyconsumer', 'visitor_ended'],
  ['endedbyvisitor', 'visitor_ended'],
  ['consumerended', 'visitor_ended'],
  ['consumerleft', 'visitor_ended'],
  ['visitorleft', 'visitor_ended'],
  ['endedbyagent', 'agent_ended'],
  ['agentended', 'agent_ended'],
  ['agentleft', 'agent_ended'],
  ['notjoined', 'connection_lost'],
]);
