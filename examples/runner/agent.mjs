/** Whose page it is. A real server knows who is logged in. */
const VISITOR_ID = 'visitor-0815';
const AGENT = { agentId: 'agent-12', agentName: 'Grace', mode: 'view' };

/** The agent of any messaging platform, by the bridge's REST API. Every step gives the session as it is then. */
export function openAgent({ call }) {
  let session;
  const act = async (step) => {
    if (session === undefined) throw new Error('Nobody is invited yet.');
    return call('POST', `/sessions/${session.id}/${step}`);
  };
  /** What the visitor has asked for and no agent has taken. */
  const request = async () => {
    const { items } = await call('GET', `/sessions?status=requested&visitorId=${VISITOR_ID}`);
    if (items.length === 0) throw new Error('The visitor has not asked for help.');
    return items[0].id;
  };
  return {
    visitorId: VISITOR_ID,
    async invite() {
      // In one conversation a newer invitation takes the place of an older one.
      session = await call('POST', '/sessions', { conversationId: 'conversation-4711', visitorId: VISITOR_ID, ...AGENT });
      return session;
    },
    cancel: () => act('cancel'),
    // When your own screen share is there: the bridge carries the question, not the screen.
    join: () => act('join'),
    end: () => act('end'),
    async take() {
      session = await call('POST', `/sessions/${await request()}/take`, AGENT);
      return session;
    },
    refuse: async () => call('POST', `/sessions/${await request()}/refuse`),
  };
}
