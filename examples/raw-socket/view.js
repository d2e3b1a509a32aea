const byId = (id) => document.getElementById(id);

const QUESTION = byId('question').textContent;
const MAY = {
  shared: 'see this page and click and type on it with you',
  view: 'see this page and scroll it with you',
  follow: 'see this page',
};

/** Shows a session, or that there is none. */
export function show(session) {
  const status = session?.status;
  byId('question').textContent = textFor(session);
  byId('answers').hidden = status !== 'invited';
  byId('stop').hidden = status !== 'accepted' && status !== 'active';
}

/** Everything from the wire is set as text, never as markup. */
function textFor(session) {
  switch (session?.status) {
    case 'invited':
      return `${session.agent.name ?? 'An agent'} would like to ${MAY[session.mode]}. You can stop at any time.`;
    case 'accepted':
      return 'Connecting …';
    case 'active':
      return 'You are sharing this page.';
    case 'closed':
      return `You are not sharing this page. (${session.reason})`;
    default:
      return QUESTION;
  }
}

/** One line about what came or went. */
export function log(name, text) {
  const item = document.createElement('li');
  const code = document.createElement('code');
  code.textContent = name;
  item.append(code, ` ${text}`);
  byId('log').append(item);
}
