/** What the terminal says, for whoever is the agent. */

const NEXT = {
  'session.invited': 'the visitor is asked: answer on the page, or cancel.',
  'session.accepted': 'the visitor has said yes: join, or end.',
  'session.active': 'joined. Here your own screen share would run, until you end.',
  'session.closed': 'invite again, if you like.',
};

/** One event of a session, in a line. */
export const news = ({ type, session }) => `  ${session.reason === null ? type : `${type}, ${session.reason}`}: ${NEXT[type] ?? ''}`;

/** What is where, and what to do next. `keys`: there is a keyboard. */
export function welcome({ name, origin, bridge, keys }) {
  const agent = keys
    ? ['  You are the agent, with these keys:', '', '    i invite   c cancel   j join   e end   q quit']
    : ['  You are the agent:', '', `    curl -X POST ${origin}/agent/invite     also cancel, join, end`];
  return ['', `  Example:  ${name}`, `  Page:     ${origin}`, `  Bridge:   ${bridge.url}/docs`, '', '  Open the page.', ...agent, ''].join(
    '\n',
  );
}
