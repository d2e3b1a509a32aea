const MAY = {
  shared: 'see this page and click and type on it with you',
  view: 'see this page and scroll it with you',
  follow: 'see this page',
};

/** Which buttons there are, by the session's status. */
const BUTTONS = {
  none: ['request'],
  requested: ['withdraw'],
  invited: ['accept', 'decline'],
  accepted: ['end'],
  active: ['end'],
  closed: ['request'],
};

/** Shows a session, or that there is none. */
export function show(session) {
  const state = document.getElementById('state');
  const pressed = document.activeElement;
  state.textContent = textFor(session);
  for (const button of document.querySelectorAll('button')) {
    button.hidden = !BUTTONS[session?.status ?? 'none'].includes(button.name);
  }
  // The keyboard goes to the text, and to no other button: whoever meant "Never mind" has not said yes.
  if (pressed?.hidden) state.focus();
}

/** Everything from the wire is set as text, never as markup. */
function textFor(session) {
  switch (session?.status) {
    case 'requested':
      return 'Somebody will be with you soon.';
    case 'invited':
      return `${session.agent.name ?? 'An agent'} would like to ${MAY[session.mode]}. You can stop at any time.`;
    case 'accepted':
      return 'Connecting …';
    case 'active':
      return 'You are sharing this page.';
    case 'closed':
      return `You are not sharing this page. (${session.reason})`;
    default:
      return 'We can look at this page together.';
  }
}

/** One line about what came or went. */
export function log(name, text) {
  const item = document.createElement('li');
  const code = document.createElement('code');
  code.textContent = name;
  item.append(code, ` ${text}`);
  document.getElementById('log').append(item);
}
