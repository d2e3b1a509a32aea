import { sessionView } from '../../testing/sessions.ts';
import { BridgeError } from '../domain/bridge-error.ts';
import type { Tab } from '../domain/tab.ts';
import type { ErrorCode, SessionView } from '../types.ts';
import { createHelpRequests } from './help-requests.ts';

/** A visitor's tab at a bridge that opens and closes requests, and may refuse. */
function aTab({ tab = {} as Tab, open = [] as SessionView[] } = {}) {
  const asked: unknown[] = [];
  const bridge = { refusal: undefined as ErrorCode | undefined, open, late: Promise.resolve() };
  const ask = async (kind: string, request: object) => {
    asked.push([kind, request]);
    await bridge.late;
    if (bridge.refusal) throw new BridgeError(bridge.refusal, 'No.');
    if (kind === 'withdraw') return { ok: true, session: sessionView({ id: 'a', status: 'closed', reason: 'withdrawn' }) };
    return { ok: true, session: sessionView({ id: 'a', status: 'requested' }), code: '123456' };
  };
  const heard = (session: SessionView) => {
    bridge.open = session.status === 'closed' ? [] : [session];
    return session;
  };
  const requests = createHelpRequests({ ask: ask as never, heard, live: () => bridge.open, tab });
  requests.synced();
  return { requests, asked, bridge, tab };
}

describe('A request for help', () => {
  it('is taken back by its id, also while it is still being made', async () => {
    const { requests, asked, bridge } = aTab();
    let answer = () => {};
    bridge.late = new Promise((resolve) => (answer = resolve));
    const made = requests.request('boots');
    const taken = requests.cancel();
    answer();
    await expect(made).resolves.toMatchObject({ id: 'a' });
    await taken;
    expect(asked).toEqual([
      ['request', { topic: 'boots' }],
      ['withdraw', { sessionId: 'a' }],
    ]);
    await requests.cancel();
    expect(asked).toHaveLength(2);
  });

  it.each(['session_closed', 'session_expired', 'not_found'] as const)(
    'that was over meanwhile (%s) needs no taking back',
    async (code) => {
      const { requests, bridge } = aTab({ open: [sessionView({ id: 'a', status: 'requested' })] });
      bridge.refusal = code;
      await expect(requests.cancel()).resolves.toBeUndefined();
    },
  );

  it('that an agent has taken cannot be taken back', async () => {
    const { requests, bridge } = aTab({ open: [sessionView({ id: 'a', status: 'requested' })] });
    bridge.refusal = 'already_taken';
    await expect(requests.cancel()).rejects.toMatchObject({ code: 'already_taken' });
  });

  it('that could not be made leaves nothing to take back', async () => {
    const { requests, bridge, asked } = aTab();
    bridge.refusal = 'too_many_requests';
    await expect(requests.request()).rejects.toMatchObject({ code: 'too_many_requests' });
    await requests.cancel();
    expect(asked).toHaveLength(1);
  });
});

describe('A code', () => {
  it('is known to its tab while the request is open', async () => {
    const { requests, bridge, tab } = aTab();
    await expect(requests.createCode()).resolves.toBe('123456');
    const reloaded = aTab({ tab, open: bridge.open }).requests;
    expect([requests.codeOf('a'), reloaded.codeOf('a'), reloaded.codeOf('b')]).toEqual(['123456', '123456', undefined]);
    bridge.open = [sessionView({ id: 'a', status: 'invited' })];
    expect(requests.codeOf('a')).toBeUndefined();
  });

  it('is forgotten when the bridge says that its request is over', async () => {
    const tab = { code: { sessionId: 'a', code: '123456' } } as Tab;
    aTab({ tab, open: [sessionView({ id: 'b', status: 'requested' })] });
    expect(tab.code).toBeUndefined();
  });
});
