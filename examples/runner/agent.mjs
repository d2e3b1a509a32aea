/** Whose page it is. A real server knows who is logged in. */
export const VISITOR_ID = 'visitor-0815';

/** The agent of any messaging platform: four calls of the bridge's REST API. Each gives the session as it is then. */
export function openAgent({ call }) {
  let session;
  const act = async (what) => {
    if (session === undefined) throw new Error('Nobody is invited yet.');
    return call('POST', `/sessions/${session.id}/${what}`);
  };
  return {
    visitorId: VISITOR_ID,
    async invite() {
      // One conversation: a newer invitation takes the place of an older one.
      const invitation = {
        conversationId: 'conversation-4711',
        visitorId: VISITOR_ID,
        agentId: 'agent-12',
        agentName: 'Grace',
        mode: 'view',
      };
      session = await call('POST', '/sessions', invitation);
      return session;
    },
    cancel: () => act('cancel'),
    // When your own screen share is there. The bridge carries the question, not the screen.
    join: () => act('join'),
    end: () => act('end'),
  };
}
