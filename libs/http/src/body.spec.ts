import { fastify } from 'fastify';
import { takeJsonBodies } from './body.ts';

describe('a body that is not taken', () => {
  it.each(['{"a":1,}', '{"__proto__":{"a":1}}', '{"a":{"constructor":{"prototype":{}}}}'])(
    'such as %s is told every cause',
    async (payload) => {
      const server = fastify();
      takeJsonBodies(server);
      server.post('/', async () => 'taken');
      const answer = await server.inject({ method: 'POST', url: '/', payload, headers: { 'content-type': 'application/json' } });
      expect(answer.body).toMatch(/trailing comma\. The keys __proto__ and constructor are refused/);
      await server.close();
    },
  );
});
