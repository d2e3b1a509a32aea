import type { ShopNews } from '../shop-news.ts';
import type { Agent } from './agent.ts';
import type { Timeline } from './timeline.ts';
import { PUBLISHED_WORDS, pageSentence } from './words.ts';

/** Shows what the visitor's pages tell, and lets the agent's side hear of it. */
export function hearShop(timeline: Timeline, agent: Agent): (news: ShopNews) => void {
  return (news) => {
    const elsewhere = news.place === 'elsewhere' ? { more: 'In another tab.' } : {};
    if (news.kind === 'page') {
      const wire = { 'The event, as the page’s own code gets it': news.event };
      timeline.add({ kind: 'page', sentence: pageSentence(news.event), ...elsewhere, wire });
      agent.hear(news.event.session);
    } else if (news.kind === 'published') {
      const { app, event, data } = news.publish;
      const call = `lpTag.events.publish(${JSON.stringify(app)}, ${JSON.stringify(event)}, ${JSON.stringify(data, null, 2)})`;
      const wire = { 'The call (the tag is a stand-in that writes it down)': call };
      timeline.add({ kind: 'published', sentence: PUBLISHED_WORDS[event], ...elsewhere, wire });
      agent.hearTag(news.publish);
    } else {
      const sentence = `The page has trouble: ${news.message}`;
      timeline.add({ kind: 'page', sentence, ...elsewhere, trouble: true, wire: { 'The error': { code: news.code } } });
    }
  };
}
