// The card is drawn by the SDK. This is all that a page needs:
const bridge = Cobridge.start({
  getToken: async () => {
    const answer = await fetch('/page-token');
    if (!answer.ok) throw new Error(`/page-token answered ${answer.status}`);
    return answer.text();
  },
});

// And this only if the page wants to say something itself.
const state = document.getElementById('state');
const say = (text) => (state.textContent = text);

bridge.on('requested', () => say('Thank you. Somebody will be with you soon.'));
bridge.on('invited', () => say('We are asking to see this page. It is up to you.'));
bridge.on('accepted', () => say('Thank you. We are connecting.'));
bridge.on('active', () => say('You are sharing this page with us.'));
bridge.on('closed', ({ session }) => say(`You are not sharing this page. (${session.reason})`));
bridge.on('error', ({ code, message }) => console.warn(code, message));

// The visitor may ask first. Asked twice it is the same request, and the SDK shows that it waits, with a way to take it back.
document.getElementById('ask').addEventListener('click', () => {
  bridge.requestHelp({ topic: document.title }).catch(({ code }) => {
    if (code !== 'already_in_session') say('We cannot be reached just now. Please try again.');
  });
});
