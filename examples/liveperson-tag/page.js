// Nothing here is about LivePerson: the SDK finds `lpTag`, waits until it can publish, and tells it what it has to know.
Cobridge.start({
  getToken: () => fetch('/page-token').then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status))),
});

// The rest only shows what was published. LivePerson's CoBrowse listens in the same way.
const byId = (id) => document.getElementById(id);

lpTag.events.bind({
  appName: 'lpCoBrowse',
  eventName: '*',
  func(data, { eventName }) {
    const item = document.createElement('li');
    const facts = document.createElement('dl');
    for (const [name, value] of Object.entries(data)) facts.append(element('dt', name), element('dd', value));
    item.append(element('h3', eventName), facts);
    byId('events').append(item);
    byId('none').hidden = true;
  },
});

byId('load').addEventListener('click', () => {
  byId('load').disabled = true;
  void loadStandInTag().then(() => {
    byId('state').textContent = 'Loaded: what had to wait is published now.';
    byId('waiting').hidden = true;
  });
});

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
