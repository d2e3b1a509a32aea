/** Whom an invitation is for and in which conversation, as a relay that knows only this one form would read it. */
export const readInvitation = (raw) => invitationIn(JSON.parse(raw));

/** The same of a notification that is parsed. */
export function invitationIn({ body }) {
  const { convId, conversationDetails } = body.changes[0].result;
  const [consumer, agent] = conversationDetails.participants;
  const dialog = conversationDetails.dialogs.find(({ channelType }) => channelType === 'COBROWSE');
  return { conversationId: convId, visitorId: consumer.id, agentId: agent.id, dialog };
}

/** About what the bridge pushes. */
export function envelope({ conversationId, visitorId, agentId, dialog }) {
  const { dialogId, creationTs, metaData } = dialog;
  const invitedAt = new Date(creationTs).toISOString();
  const session = {
    id: dialogId,
    accountId: 'bench',
    status: 'invited',
    mode: metaData.mode,
    version: 1,
    source: 'liveperson',
    conversationId,
    dialogId,
    serviceId: metaData.serviceId,
    visitor: { id: visitorId, name: 'visitor' },
    agent: { id: agentId },
    invitedAt,
    expiresAt: new Date(metaData.expires * 1000).toISOString(),
    ...{ acceptedAt: null, activeAt: null, closedAt: null, reason: null },
  };
  const data = { serviceId: metaData.serviceId, agentId, visitorName: 'visitor', mode: metaData.mode, ssid: visitorId, svid: visitorId };
  const publish = { app: 'lpCoBrowse', event: 'cobrowseOffered', data };
  return { id: `evt_${dialogId}_1`, type: 'session.invited', occurredAt: invitedAt, session, publish };
}

/** About the bytes that the bridge pushes. */
export const envelopeOf = (invitation) => JSON.stringify(envelope(invitation));
