import { PAGE_PROTOCOL } from '#libs/protocol';
import { pageSchemas, ref } from './page-schemas.ts';

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
