// What the terminal says, for whoever is the agent.
import { keysOf } from './keyboard.mjs';

const NEXT = {
  'session.requested': 'the visitor asks for help: take it, or refuse.',
  'session.invited': 'the visitor is asked: answer on the page, or cancel.',
  'session.accepted': 'the visitor has said yes: join, or end.',
  'session.active': 'joined. Here your own screen share would run, until you end.',
  'session.closed': 'invite again, if you like.',
};

/** One event of a session, in a line. */
export const news = ({ type, session }) => `  ${session.reason === null ? type : `${type}, ${session.reason}`}: ${NEXT[type] ?? ''}`;

/** What is where, and what to do next. `keyboard`: there is one. */
export function welcome({ name, origin, bridge, agent, keyboard }) {
  const steps = keysOf(agent);
  const keys = [...steps, ['q', 'quit']].map(([key, step]) => `${key} ${step}`).join('   ');
  const calls = [`curl -X POST ${origin}/agent/${steps[0][1]}`, ...steps.slice(1).map(([, step]) => step)].join(', ');
  return [
    '',
    `  Example:  ${name}`,
    `  Page:     ${origin}`,
    `  Bridge:   ${bridge.url}/docs`,
    '',
    keyboard ? '  Open the page. You are the agent, with these keys:' : '  Open the page. You are the agent, by these calls:',
    '',
    `    ${keyboard ? keys : calls}`,
    '',
  ].join('\n');
}
