import { MODES, REASONS, SOURCES, STATUSES } from '#libs/core';
import { ANSWER_CODES, CONNECT_CODES, PAGE_PROTOCOL } from '#libs/protocol';

const text = { type: 'string' } as const;
const someText = { type: 'string', minLength: 1 } as const;
const maybeText = { type: ['string', 'null'] } as const;
const time = { type: 'string', format: 'date-time', description: 'ISO 8601, UTC, with milliseconds.' } as const;
const maybeTime = { type: ['string', 'null'], format: 'date-time' } as const;
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

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
    data: object({
      serviceId: someText,
      agentId: { ...text, description: 'Empty while no notification has named an agent.' },
      visitorName: someText,
      mode: { enum: MODES },
      ssid: someText,
      svid: someText,
    }),
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
  Question: object({ sessionId: { ...text, pattern: '^[\\w-]{1,128}$' } }),
  Request: object({ topic: { ...maybeText, minLength: 1, maxLength: 255, description: 'What the visitor wants help with.' } }, ['topic']),
  Refused: object({ ok: { const: false }, error: object({ code: { enum: ANSWER_CODES }, message: text }) }),
  Answer: {
    oneOf: [object({ ok: { const: true }, session: ref('Session'), publish: ref('Publish') }, ['publish']), ref('Refused')],
  },
  CodeAnswer: {
    oneOf: [object({ ok: { const: true }, session: ref('Session'), code: { ...text, pattern: '^\\d{6}$' } }), ref('Refused')],
  },
  LatestAnswer: { oneOf: [object({ ok: { const: true }, latest: ref('Envelope') }), ref('Refused')] },
  Handshake: {
    ...object({ token: text, protocol: { const: PAGE_PROTOCOL }, page: ref('Page') }, ['page']),
    additionalProperties: true,
  },
  Page: {
    ...object(
      {
        id: { ...maybeText, maxLength: 64, description: 'Names the tab across reconnects.' },
        url: maybeText,
        title: maybeText,
        visible: { type: ['boolean', 'null'] },
      },
      ['id', 'url', 'title', 'visible'],
    ),
    type: ['object', 'null'],
  },
  Refusal: object({ code: { enum: CONNECT_CODES } }),
};
