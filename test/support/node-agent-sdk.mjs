/**
 * LivePerson's own node-agent-sdk, unmodified, in a process of its own. The first line of stdin is its configuration; each other is a
 * call `{id, method, body}`. Every line of stdout is `{event, data}` or the outcome of a call, `{id, error, body}`.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Agent } = createRequire(import.meta.url)('node-agent-sdk');
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const plain = (error) => error && { name: error.constructor.name, message: error.message ?? error.body, code: error.code };

let agent;
createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line);
  if (!agent) {
    agent = new Agent(asked);
    agent.on('connected', () => tell({ event: 'connected', data: { agentId: agent.agentId } }));
    agent.on('closed', (code) => tell({ event: 'closed', data: { code } }));
    agent.on('error', (error) => tell({ event: 'error', data: plain(error) }));
    agent.on('cqm.ExConversationChangeNotification', (body) => tell({ event: 'change', data: body }));
    agent.on('ms.MessagingEventNotification', (body) => tell({ event: 'message', data: body }));
  } else if (asked.method === 'reconnect') agent.reconnect();
  else agent[asked.method](asked.body, (error, body) => tell({ id: asked.id, error: plain(error) ?? null, body }));
});
