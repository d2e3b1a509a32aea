import { MODES, REASONS, SOURCES, STATUSES } from '#libs/core';
import { ANSWER_CODES, CONNECT_CODES, PAGE_PROTOCOL } from '#libs/protocol';

const text = { type: 'string' } as const;
const maybeText = { type: ['string', 'null'] } as const;
const time = { type: 'string', format: 'date-time', description: 'ISO 8601, UTC, with milliseconds.' } as const;
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const;
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function object(properties: Record<string, object>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

/** The shapes that pages send and receive, as JSON Schema. */
export const pageSchemas = {
  Session: object(
    {
      id: text,
      accountId: text,
      status: { enum: STATUSES },
      mode: { enum: MODES },
      version: { type: 'integer', minimum: 1, description: 'Grows with every change: keep the newest, drop what is older.' },
      source: { enum: SOURCES },
      conversationId: maybeText,
      dialogId: maybeText,
      serviceId: maybeText,
      visitor: object({ id: maybeText, name: text }),
      agent: object({ id: maybeText, name: text }, ['name']),
      topic: { ...text, description: 'Only where the visitor asked for help: what for.' },
      requestedAt: { ...time, description: 'Only where the visitor asked for help: when.' },
      invitedAt: maybeTime,
      expiresAt: maybeTime,
      acceptedAt: maybeTime,
      activeAt: maybeTime,
      closedAt: maybeTime,
      reason: { enum: [...REASONS, null] },
    },
    ['topic', 'requestedAt'],
  ),
  Publish: object({
    app: { const: 'lpCoBrowse' },
    event: { enum: ['cobrowseOffered', 'cobrowseAccepted', 'cobrowseDeclined'] },
    data: object({ serviceId: text, agentId: text, visitorName: text, mode: { enum: MODES }, ssid: text, svid: text }),
  }),
  Envelope: object(
    {
      id: text,
      type: { enum: STATUSES.map((status) => `session.${status}`) },
      occurredAt: time,
      session: ref('Session'),
      publish: ref('Publish'),
    },
    ['publish'],
  ),
  Snapshot: object({ serverNow: time, events: { type: 'array', items: ref('Envelope') } }),
  Question: object({ sessionId: text }),
  Request: object({ topic: { ...text, minLength: 1, maxLength: 255, description: 'What the visitor wants help with.' } }, ['topic']),
  Refused: object({ ok: { const: false }, error: object({ code: { enum: ANSWER_CODES }, message: text }) }),
  Answer: {
    oneOf: [object({ ok: { const: true }, session: ref('Session'), publish: ref('Publish') }, ['publish']), ref('Refused')],
  },
  CodeAnswer: {
    oneOf: [object({ ok: { const: true }, session: ref('Session'), code: { ...text, pattern: '^\\d{6}$' } }), ref('Refused')],
  },
  LatestAnswer: { oneOf: [object({ ok: { const: true }, latest: ref('Envelope') }), ref('Refused')] },
  Handshake: object(
    {
      token: text,
      protocol: { const: PAGE_PROTOCOL },
      page: object({ id: text, url: text, title: text, visible: { type: 'boolean' } }, ['id', 'url', 'title', 'visible']),
    },
    ['page'],
  ),
  Refusal: object({ code: { enum: CONNECT_CODES } }),
};

/** Every message on the page socket: who sends it, what it carries, what is acknowledged. */
export const pageMessages = {
  sessions: {
    from: 'bridge',
    payload: 'Snapshot',
    summary: "On every connect: the visitor's live sessions, and the clock to read their times by.",
  },
  session: { from: 'bridge', payload: 'Envelope', summary: 'A session changed.' },
  accept: {
    from: 'page',
    payload: 'Question',
    answer: 'Answer',
    summary: 'The visitor says yes to an invitation. The first page that answers wins.',
  },
  decline: { from: 'page', payload: 'Question', answer: 'Answer', summary: 'The visitor says no to an invitation.' },
  end: { from: 'page', payload: 'Question', answer: 'Answer', summary: 'The visitor ends an accepted or active session.' },
  request: {
    from: 'page',
    payload: 'Request',
    answer: 'Answer',
    summary: 'The visitor asks for help. There is one open request: asked again, it is the same one.',
  },
  withdraw: { from: 'page', payload: 'Question', answer: 'Answer', summary: 'The visitor takes an open request back.' },
  createCode: {
    from: 'page',
    payload: 'Request',
    answer: 'CodeAnswer',
    summary: 'The visitor asks for help by a code to read out. It takes the place of an older open request.',
  },
  latest: {
    from: 'page',
    payload: 'Question',
    answer: 'LatestAnswer',
    summary: "What happened last to one of the visitor's sessions: for a page that was away when it ended.",
  },
} as const;

/** The AsyncAPI 3.0 document of the page socket. */
export function asyncApiDocument(): object {
  const names = Object.entries(pageMessages);
  const messages = Object.fromEntries(names.map(([name, { payload, summary }]) => [name, { name, summary, payload: ref(payload) }]));
  const acknowledgements = Object.fromEntries(
    names.flatMap(([name, message]) =>
      'answer' in message
        ? [[`${name}Answer`, { name: `${name}Answer`, summary: `Acknowledges ${name}.`, payload: ref(message.answer) }]]
        : [],
    ),
  );
  const operations = names.map(([name, message]) => [
    name,
    {
      action: message.from === 'bridge' ? 'send' : 'receive',
      summary: message.summary,
      channel: { $ref: '#/channels/pages' },
      messages: [{ $ref: `#/channels/pages/messages/${name}` }],
      ...('answer' in message
        ? { reply: { channel: { $ref: '#/channels/pages' }, messages: [{ $ref: `#/channels/pages/messages/${name}Answer` }] } }
        : {}),
    },
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Cobridge pages',
      version: `${PAGE_PROTOCOL}.0.0`,
      license: { name: 'Apache-2.0' },
      description:
        'Socket.IO 4, namespace /pages. Connect with auth as in the schema Handshake; the token is the JWT of the page-tokens call. A refused connection gets connect_error with data as in the schema Refusal.',
    },
    channels: { pages: { address: '/pages', messages: { ...messages, ...acknowledgements } } },
    operations: Object.fromEntries(operations),
    components: { schemas: pageSchemas },
  };
}
