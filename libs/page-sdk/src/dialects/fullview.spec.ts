import { dialectHost } from '../../testing/dialect-host.ts';
import { open } from './fullview.ts';

const NAMES = ['callRequested', 'callAccepted', 'callDenied', 'callEnded'].map((name) => `fullview:${name}`);

describe('The dialect fullview', () => {
  it('dispatches events on window, with the id of the call', () => {
    const window = new EventTarget();
    const heard: unknown[] = [];
    for (const name of NAMES) window.addEventListener(name, (event) => heard.push([event.type, (event as CustomEvent).detail]));
    const page = dialectHost((event, before) => dialect.told(event, before), window);
    const dialect = open(page.host);
    page.push({ id: 'ses_1' });
    page.push({ id: 'ses_1', status: 'active' });
    // An SDK that is started again, on the same document, hears of what there is already.
    open(page.host).told({ id: 'evt', type: 'session.active', occurredAt: '', session: page.push({ id: 'ses_1' }) }, undefined);
    page.push({ id: 'ses_1', status: 'closed', reason: 'agent_ended' });
    expect(heard).toEqual([
      ['fullview:callRequested', { callId: 'ses_1' }],
      ['fullview:callAccepted', { callId: 'ses_1' }],
      ['fullview:callEnded', { callId: 'ses_1' }],
    ]);
  });
});
