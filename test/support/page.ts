import { type ManagerOptions, type Socket, type SocketOptions, io } from 'socket.io-client';
import type { Answer, CodeAnswer, Envelope, FromPage, LatestAnswer, ToPage } from '#libs/protocol';
import type { TestAccount } from './api.ts';
import type { RunningProgram } from './program.ts';

/** One browser tab, as a raw Socket.IO client. */
export interface TestPage {
  socket: Socket<ToPage, FromPage>;
  /** The last snapshot. */
  snapshot: { serverNow: string; events: Envelope[] };
  /** Every event pushed so far, oldest first. */
  events: Envelope[];
  /** The next event that fits and was not waited for yet; those before it are skipped. */
  next(fits: Envelope['type'] | ((event: Envelope) => boolean)): Promise<Envelope>;
  answer(ask: 'accept' | 'decline' | 'end' | 'withdraw', sessionId: string): Promise<Answer>;
  request(topic?: string): Promise<Answer>;
  createCode(topic?: string): Promise<CodeAnswer>;
  latest(sessionId: string): Promise<LatestAnswer>;
  close(): void;
}

const WAIT_MS = 10_000;

export async function openPage(
  program: RunningProgram,
  account: TestAccount,
  visitorId: string,
  options: Partial<ManagerOptions & SocketOptions> & { pageId?: string } = {},
): Promise<TestPage> {
  const token = await account.pageToken(visitorId);
  return connectPage(
    program.url,
    { token, protocol: 1, ...(options.pageId === undefined ? {} : { page: { id: options.pageId } }) },
    options,
  );
}

/** Rejects with the `connect_error` when the bridge does not let it in. */
export async function connectPage(url: string, auth: object, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<TestPage> {
  const socket: Socket<ToPage, FromPage> = io(`${url}/pages`, {
    auth,
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    ...options,
  });
  const page: TestPage = {
    socket,
    snapshot: { serverNow: '', events: [] },
    events: [],
    next: (fits) => next(typeof fits === 'function' ? fits : (event) => event.type === fits),
    answer: (ask, sessionId) => socket.timeout(WAIT_MS).emitWithAck(ask, { sessionId }),
    request: (topic) => socket.timeout(WAIT_MS).emitWithAck('request', topic === undefined ? {} : { topic }),
    createCode: (topic) => socket.timeout(WAIT_MS).emitWithAck('createCode', topic === undefined ? {} : { topic }),
    latest: (sessionId) => socket.timeout(WAIT_MS).emitWithAck('latest', { sessionId }),
    close: () => void socket.disconnect(),
  };
  let seen = 0;
  const next = (fits: (event: Envelope) => boolean): Promise<Envelope> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const at = page.events.findIndex((event, i) => i >= seen && fits(event));
        if (at < 0) return;
        seen = at + 1;
        clearTimeout(timer);
        socket.off('session', look);
        resolve(page.events[at] as Envelope);
      };
      const timer = setTimeout(() => {
        socket.off('session', look);
        reject(new Error(`No such event came; there were ${JSON.stringify(page.events.map((e) => [e.type, e.session.reason]))}`));
      }, WAIT_MS);
      socket.on('session', look);
      look();
    });
  socket.on('session', (event) => page.events.push(event));
  socket.on('sessions', (snapshot) => (page.snapshot = snapshot));
  await new Promise<void>((resolve, reject) => {
    const refused = (error: Error): void => {
      socket.disconnect();
      reject(error);
    };
    socket.once('connect_error', refused);
    socket.once('sessions', () => {
      socket.off('connect_error', refused);
      resolve();
    });
  });
  return page;
}
