import { ask, problemOf } from '../ask.ts';
import { type DemoSession, openSession } from '../demo-session.ts';
import { shopNewsChannel } from '../shop-news.ts';
import { type Agent, createAgent } from './agent.ts';
import { listenToCallbacks } from './callbacks.ts';
import { createControls } from './controls.ts';
import { Conversation } from './conversation.ts';
import { createTimeline, find } from './timeline.ts';
import { type HookResult, PUBLISHED_WORDS, answerSentence, callbackSentence, pageSentence } from './words.ts';

const KEPT_VISITOR = 'cobridge-demo.visitor';

const timeline = createTimeline(find(document, '#timeline', HTMLElement));
const controls = createControls(find(document, '#agent', HTMLElement), () => agent);
const live = find(document, '#live', HTMLElement);
const visitor = await openVisitor();

const agent: Agent = createAgent({
  conversation: new Conversation(visitor.visitorId),
  send,
  joinsAlone: () => controls.joinsAlone(),
  changed: (standing) => controls.show(standing),
});

shopNewsChannel(visitor.visitorId).listen((news) => {
  const elsewhere = news.place === 'elsewhere' ? { more: 'In another tab.' } : {};
  if (news.kind === 'page') {
    timeline.add({
      kind: 'page',
      sentence: pageSentence(news.event),
      ...elsewhere,
      wire: { 'The event, as the page’s own code gets it': news.event },
    });
    agent.hear(news.event.session);
  } else if (news.kind === 'published') {
    const { app, event, data } = news.publish;
    const call = `lpTag.events.publish(${JSON.stringify(app)}, ${JSON.stringify(event)}, ${JSON.stringify(data, null, 2)})`;
    timeline.add({
      kind: 'published',
      sentence: PUBLISHED_WORDS[event],
      ...elsewhere,
      wire: { 'The call (the tag is a stand-in that writes it down)': call },
    });
  } else {
    timeline.add({
      kind: 'page',
      sentence: `The page has trouble: ${news.message}`,
      ...elsewhere,
      trouble: true,
      wire: { 'The error': { code: news.code } },
    });
  }
});

listenToCallbacks(
  visitor.visitorId,
  ({ id, event }) => {
    const wire = { 'Header webhook-id': id, 'The body': event };
    timeline.add({ kind: 'callback', sentence: callbackSentence(event), more: 'The signature is right.', wire });
    agent.hear(event.session);
  },
  (connected) => {
    live.textContent = connected ? 'Live' : 'Reconnecting…';
    live.classList.toggle('away', !connected);
  },
);

// Last, so that nothing that the page says is missed.
const shop = `/demo/shop#${visitor.visitorId}`;
find(document, '#shop', HTMLIFrameElement).src = shop;
find(document, '#another-tab', HTMLAnchorElement).href = shop;
find(document, '#no-callbacks', HTMLElement).hidden = visitor.callbacks;
controls.show({ status: undefined, reason: undefined, mode: 'view' });

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

async function send(json: string, sentence: string): Promise<HookResult | undefined> {
  const wire = { 'The notification': JSON.parse(json) as unknown };
  const change = timeline.add({ kind: 'notification', sentence, wire });
  const reply = await ask('/demo/notifications', json);
  const problem = problemOf(reply);
  const result = problem === undefined ? (reply.body as { results: HookResult[] }).results[0] : undefined;
  change({
    more: problem === undefined ? answerSentence(result) : `The bridge refused it: ${problem}`,
    trouble: problem !== undefined,
    wire: { ...wire, [`The bridge’s answer, HTTP ${reply.status}`]: reply.body },
  });
  return result;
}
