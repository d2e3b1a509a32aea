import type { DialectHost } from '../src/dialects/dialect.ts';
import type { AnswerError, Envelope, SessionView } from '../src/types.ts';
import { envelope, sessionView } from './sessions.ts';

export const refused = (code: AnswerError['code']): AnswerError => Object.assign(new Error(code), { code });

/** What the SDK lends a dialect, with a visitor's sessions in memory: `tell` is given what the bridge would push. */
export function dialectHost(tell: (event: Envelope, before: SessionView | undefined) => void, window: object = new EventTarget()) {
  const sessions = new Map<string, SessionView>();
  const told = new Map<string, SessionView>();
  const codes = new Map<string, string>();
  const asked: string[] = [];
  let rendered = 0;

  function push(about: Partial<SessionView> & { id: string }): SessionView {
    const session = change(about);
    hear(session);
    return session;
  }
  function hear(session: SessionView): void {
    const before = told.get(session.id);
    told.set(session.id, session);
    tell(envelope(session), before);
  }
  function change(about: Partial<SessionView> & { id: string }): SessionView {
    const before = sessions.get(about.id) ?? sessionView({ id: about.id, version: 0 });
    const session = { ...before, ...about, version: before.version + 1 };
    sessions.set(session.id, session);
    return session;
  }
  const answer = (kind: string, from: string[], to: Partial<SessionView>) => async (id: string) => {
    asked.push(`${kind} ${id}`);
    const session = sessions.get(id);
    if (!session || !from.includes(session.status)) throw refused(session ? 'session_closed' : 'not_found');
    return change({ id, ...to });
  };
  const request = (id: string): SessionView =>
    change({
      id,
      status: 'requested',
      source: 'page',
      agent: { id: null },
      invitedAt: null,
      requestedAt: '2026-11-21T10:00:00.000Z',
      expiresAt: '2026-11-21T10:20:00.000Z',
    });

  const now = '2026-11-21T10:01:00.000Z';
  const host: DialectHost = {
    window: window as Window,
    bridge: {
      on: () => () => {},
      accept: answer('accept', ['invited'], { status: 'accepted', acceptedAt: now }),
      decline: answer('decline', ['invited'], { status: 'closed', closedAt: now, reason: 'declined' }),
      end: answer('end', ['accepted', 'active'], { status: 'closed', closedAt: now, reason: 'visitor_ended' }),
      async requestHelp() {
        asked.push('request');
        return request('ses_help');
      },
      async cancelRequest() {
        asked.push('withdraw');
        for (const { id, status } of sessions.values()) {
          if (status === 'requested') change({ id, status: 'closed', closedAt: now, reason: 'withdrawn' });
        }
      },
      async createSessionCode() {
        asked.push('code');
        codes.set('ses_code', '123456');
        request('ses_code');
        return '123456';
      },
      get sessions() {
        return [...sessions.values()].filter(({ status }) => status !== 'closed').toReversed();
      },
      stop() {},
    },
    codeOf: (id) => codes.get(id),
    rerender: () => void rendered++,
    complain() {},
  };
  return { host, push, hear, change, asked, rendered: () => rendered };
}
