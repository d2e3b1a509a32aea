import { Ajv } from 'ajv';
import { type Session, STATUSES, sessionEvent } from '#libs/core';
import { envelope } from '#libs/protocol';
import { asyncApiDocument, pageMessages } from './asyncapi.ts';
import { pageSchemas } from './page-schemas.ts';
import { PagesGateway } from './pages.gateway.ts';

const ajv = new Ajv({ strict: false, formats: { 'date-time': true } });
ajv.addSchema({ $id: 'page', components: { schemas: pageSchemas } });

const session: Session = {
  id: 'ses_1',
  accountId: 'acme',
  status: 'invited',
  mode: 'view',
  version: 1,
  source: 'liveperson',
  conversationId: 'conversation-1',
  dialogId: 'dialog-1',
  serviceId: null,
  visitor: { id: 'visitor-1', name: 'visitor' },
  agent: { id: null, name: null },
  monitoring: { sessionId: null, visitorId: null },
  topic: null,
  createdAt: 0,
  requestedAt: null,
  invitedAt: 0,
  expiresAt: 120_000,
  acceptedAt: null,
  activeAt: null,
  closedAt: null,
  reason: null,
  answeredBy: 'page:1',
  dueAt: 120_000,
};

describe('the document of the page socket', () => {
  it('names the messages that the gateway takes, and no others', () => {
    const handlers = Object.getOwnPropertyNames(PagesGateway.prototype).flatMap((name) => {
      const message: unknown = Reflect.getMetadata('message', Reflect.get(PagesGateway.prototype, name) as object);
      return typeof message === 'string' ? [message] : [];
    });
    const documented = Object.entries(pageMessages).filter(([, { from }]) => from === 'page');
    expect(handlers.toSorted()).toEqual(documented.map(([name]) => name).toSorted());
  });

  it.each(STATUSES)('describes the envelope of a session that is %s, to the last field', (status) => {
    const view = envelope(sessionEvent({ ...session, status, reason: status === 'closed' ? 'declined' : null }, 0, []));
    expect(ajv.validate({ $ref: 'page#/components/schemas/Envelope' }, view)).toBe(true);
    expect(ajv.validate({ $ref: 'page#/components/schemas/Envelope' }, { ...view, surplus: 1 })).toBe(false);
    expect(ajv.validate({ $ref: 'page#/components/schemas/Envelope' }, { ...view, session: { ...view.session, answeredBy: 'x' } })).toBe(
      false,
    );
  });

  it('has every reference that it makes', () => {
    const document = asyncApiDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
    expect(references.length).toBeGreaterThan(10);
    for (const path of references) {
      const found = path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect([path, typeof found]).toEqual([path, 'object']);
    }
  });
});
