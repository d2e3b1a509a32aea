// Stands in for LivePerson's tag, with LivePerson's own open-source event bus (npm: chronosjs). Yours comes from LivePerson.

// What the tag's snippet leaves on a page until the tag is loaded: an event bus that keeps what is bound, and cannot publish yet.
window.lpTag = {
  kept: [],
  events: {
    bind: (listener) => void lpTag.kept.push(listener),
    trigger() {},
  },
};

/** The tag arrives: the whole event bus, and the SDK that knows the visitor's monitoring session. */
window.loadStandInTag = async () => {
  const script = document.createElement('script');
  script.src = 'chronos.js';
  const loaded = new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
  });
  document.head.append(script);
  await loaded;
  const events = new Chronos.Events();
  for (const listener of lpTag.kept) events.bind(listener);
  lpTag.taglets = { lp_monitoringSDK: { getSid: () => 'monitoring-session-1', getVid: () => 'monitoring-visitor-1' } };
  lpTag.events = events;
};
