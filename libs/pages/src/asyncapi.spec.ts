import { Ajv } from 'ajv';
import { type Accounts, DEFAULT_SETTINGS, type Session, STATUSES, sessionEvent } from '#libs/core';
import { type ToPage, envelope } from '#libs/protocol';
import { sessionIdOf } from './answers.ts';
import { asyncApiDocument, pageMessages } from './asyncapi.ts';
import { Handshake } from './handshake.ts';
import { pageSchemas } from './page-schemas.ts';
import { PageTokens } from './page-tokens.ts';
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

  it('names the messages that the bridge sends, and no others', () => {
    const sent: Record<keyof ToPage, true> = { sessions: true, session: true };
    const documented = Object.entries(pageMessages).filter(([, { from }]) => from === 'bridge');
    expect(Object.keys(sent).toSorted()).toEqual(documented.map(([name]) => name).toSorted());
  });

  it.each([
    [{ sessionId: 'ses_1' }],
    [{}],
    [{ sessionId: 7 }],
    [{ sessionId: '' }],
    [{ sessionId: 'x'.repeat(129) }],
    [{ sessionId: 'ses_1', surplus: 1 }],
  ])('says of the question %j what the gateway says of it', (question) => {
    expect(ajv.validate({ $ref: 'page#/components/schemas/Question' }, question)).toBe(sessionIdOf(question) !== null);
  });

  it.each([
    [{}],
    [{ surplus: 1 }],
    [{ protocol: 2 }],
    [{ token: undefined }],
    [{ page: null }],
    [{ page: 'tab' }],
    [{ page: { id: 'tab-1', url: 'https://shop.example/', title: 'Shop', visible: true } }],
    [{ page: { id: null, url: null, title: null, visible: null } }],
    [{ page: { id: 'x'.repeat(65) } }],
    [{ page: { visible: 'yes' } }],
    [{ page: { surplus: 1 } }],
  ])('says of a handshake with %j what the door says of it', async (auth) => {
    const tokens = new PageTokens(new Uint8Array(32).fill(1));
    const accounts: Accounts = {
      find: async (id) => ({ id, name: 'Acme', settings: DEFAULT_SETTINGS, createdAt: 0 }),
      authenticate: async () => null,
    };
    const knock = { token: (await tokens.sign({ id: 'acme', createdAt: 0 }, 'visitor-1', 60)).token, protocol: 1, ...auth };
    const admitted = await new Handshake(tokens, accounts, { ownOrigins: [] }).admit({ auth: knock, origin: undefined }).then(
      () => true,
      () => false,
    );
    expect(ajv.validate({ $ref: 'page#/components/schemas/Handshake' }, knock)).toBe(admitted);
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
