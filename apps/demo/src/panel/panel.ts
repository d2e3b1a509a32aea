import { ask, problemOf } from '../ask.ts';
import { type DemoSession, openSession } from '../demo-session.ts';
import { shopNewsChannel } from '../shop-news.ts';
import { type Agent, type Chat, type Verb, type Wish, createAgent } from './agent.ts';
import { createControls } from './controls.ts';
import { listenToFeed } from './feed.ts';
import { createNotificationReader } from './notification-words.ts';
import { hearNotifications } from './hear-notifications.ts';
import { hearShop } from './hear-shop.ts';
import { streamSentence } from './stream-line.ts';
import { createTimeline, find } from './timeline.ts';
import { callbackSentence } from './words.ts';

const KEPT_VISITOR = 'cobridge-demo.visitor';

const timeline = createTimeline(find(document, '#timeline', HTMLElement));
const controls = createControls(find(document, 'main', HTMLElement), () => agent);
const live = find(document, '#live', HTMLElement);
const line = find(document, '#stream', HTMLElement);
const visitor = await openVisitor();

const agent: Agent = createAgent({
  ask: askAgent,
  joinsAlone: () => controls.joinsAlone(),
  changed: (standing) => controls.show(standing),
});

shopNewsChannel(visitor.visitorId).listen(hearShop(timeline, agent));

listenToFeed(
  visitor.visitorId,
  {
    ...hearNotifications(
      timeline,
      agent,
      createNotificationReader(() => agent.reordered),
    ),
    callback({ id, event }) {
      const wire = { 'Header webhook-id': id, 'The body': event };
      timeline.add({ kind: 'callback', sentence: callbackSentence(event), more: 'The signature is right.', wire });
      agent.hear(event.session);
    },
    stream(state) {
      line.textContent = streamSentence(state);
      line.dataset['state'] = state.state;
    },
  },
  (connected) => {
    live.textContent = connected ? 'Live' : 'Reconnecting…';
    live.classList.toggle('away', !connected);
    // A bridge that was started anew has a LivePerson that was, too.
    if (connected) agent.act('start');
  },
);

// Last, so that nothing that the page says is missed.
const shop = `/demo/shop#${visitor.visitorId}`;
find(document, '#shop', HTMLIFrameElement).src = shop;
find(document, '#another-tab', HTMLAnchorElement).href = shop;
find(document, '#no-callbacks', HTMLElement).hidden = visitor.callbacks;
controls.show({ status: undefined, reason: undefined, mode: 'view', chatting: false });

/** The visitor of this browser tab; a reload keeps it. */
async function openVisitor(): Promise<DemoSession> {
  try {
    const session = await openSession(sessionStorage.getItem(KEPT_VISITOR) ?? undefined);
    sessionStorage.setItem(KEPT_VISITOR, session.visitorId);
    return session;
  } catch (error) {
    find(document, '#agent .status', HTMLElement).textContent = `The demo cannot start. ${(error as Error).message}`;
    throw error;
  }
}

async function askAgent(verb: Verb, wish?: Wish): Promise<Chat | undefined> {
  const reply = await ask(`/demo/agent/${verb}`, JSON.stringify({ visitorId: visitor.visitorId, ...wish }));
  const problem = problemOf(reply);
  if (problem === undefined) return reply.body as Chat;
  const wire = { [`The answer, HTTP ${reply.status}`]: reply.body };
  timeline.add({ kind: 'notification', sentence: 'LivePerson was told nothing.', more: problem, trouble: true, wire });
  return undefined;
}
