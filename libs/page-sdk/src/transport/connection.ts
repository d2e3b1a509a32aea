import { Fetch, Manager, type Socket, WebSocket } from 'socket.io-client';
import type { ConnectCode, FromPage, PageHandshake, ToPage } from '#libs/protocol';
import { contain } from '../boot/contain.ts';
import { BridgeError } from '../domain/bridge-error.ts';
import { plainJson } from './plain-json.ts';
import { advice, refusalCode } from './refusals.ts';

const PROTOCOL: PageHandshake['protocol'] = 1;
const LONGEST_PAUSE_MS = 60_000;
const NO_TOKEN = 'getToken() gave no page token, or one that does not hold. It is asked again.';

export type PageConnection = Socket<ToPage, FromPage>;

export interface ConnectionOptions {
  /** The bridge's address; a path in it is where the bridge lives behind a proxy. */
  url: URL;
  getToken: () => Promise<string>;
  /** Whether `getToken` can give another token than the last. */
  renewable: boolean;
  page: () => NonNullable<PageHandshake['page']>;
  /** Trouble is told once until the connection stands again. `final`: the bridge will not be asked again. */
  trouble: (error: BridgeError, final: boolean) => void;
}

export interface Connection {
  socket: PageConnection;
  /** Connects anew at once, for what was missed: nobody says how long a connection has been dead that a machine slept on. */
  renew(): void;
  stop(): void;
}

const OPENS_WITHIN_MS = 5_000;

/**
 * Opens when the engine listens, so that a browser which forbids the very attempt is known to, and polling takes over; as it does where a
 * proxy neither lets the attempt through nor says so.
 */
class PatientWebSocket extends WebSocket {
  override doOpen(): this {
    queueMicrotask(contain(() => void (this.readyState === 'opening' && super.doOpen())));
    setTimeout(
      contain(() => {
        if (this.readyState !== 'opening') return;
        this.onError('timeout', 0);
        this.close();
      }),
      OPENS_WITHIN_MS,
    );
    return this;
  }
}

/**
 * Keeps one socket to the bridge's `/pages`. Network trouble and a bridge that is away are waited out; a token that is refused is
 * renewed where it can be; a refusal that only the page's author can mend is final.
 */
export function openConnection({ url, getToken, renewable, page, trouble }: ConnectionOptions): Connection {
  const folder = url.pathname.replace(/\/+$/, '');
  const manager = new Manager(url.origin, {
    path: `${folder}/socket.io`,
    autoConnect: false,
    // A WebSocket needs no sticky sessions; polling is for networks that let none through, so there is nothing better to change to.
    transports: [PatientWebSocket, Fetch],
    tryAllTransports: true,
    upgrade: false,
    // With Socket.IO's jitter still shorter than an answer waits for a connection.
    reconnectionDelayMax: 6_000,
  });
  const { encoder } = manager as unknown as { encoder: { encode: (packet: unknown) => unknown[] } };
  const encode = encoder.encode.bind(encoder);
  encoder.encode = (packet) => plainJson(() => encode(packet));
  let token: string | undefined;
  let refusals = 0;
  let renewed = false;
  let told: ConnectCode | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let stopped = false;

  const socket: PageConnection = manager.socket('/pages', {
    auth: (give: (handshake: PageHandshake) => void) => give({ token: token ?? '', protocol: PROTOCOL, page: page() }),
  });

  async function open(): Promise<void> {
    asking = true;
    try {
      token ??= await getToken();
    } catch {
      tell('token_missing', NO_TOKEN);
      return again();
    } finally {
      asking = false;
    }
    if (!stopped) socket.connect();
  }

  function again(): void {
    if (stopped) return;
    const pause = Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** refusals++) * (0.5 + Math.random() / 2);
    retry = setTimeout(() => void open(), pause);
  }

  function tell(code: ConnectCode, message = advice(code, window.origin), final = false): void {
    if ((told !== code || final) && !stopped) trouble(new BridgeError(code, message), final);
    told = code;
  }

  function refused(code: ConnectCode): void {
    if (code === 'unavailable') {
      tell(code);
      again();
    } else if (renewable && code.startsWith('token_')) {
      // Also one that is none: what was fetched may have been the page of a login, or of a server that had a moment's trouble.
      token = undefined;
      if (!renewed) {
        renewed = true;
        void open();
      } else {
        tell(code, NO_TOKEN);
        again();
      }
    } else {
      tell(code, undefined, true);
      stop();
    }
  }

  function renew(): void {
    if (stopped || asking) return;
    clearTimeout(retry);
    socket.disconnect();
    void open();
  }

  const shown = ({ persisted }: PageTransitionEvent): void => void (persisted && renew());

  function stop(): void {
    stopped = true;
    clearTimeout(retry);
    window.removeEventListener('online', renew);
    window.removeEventListener('pageshow', shown);
    socket.disconnect();
  }

  socket.on('connect', () => {
    refusals = 0;
    renewed = false;
    told = undefined;
  });
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    // An active socket is tried again by Socket.IO itself: the bridge was not reached at all.
    if (socket.active) tell('unavailable', `The bridge at ${url.origin}${folder} cannot be reached. It is tried again.`);
    else refused(refusalCode(error.data));
  });
  socket.on('disconnect', (reason) => {
    // What was asked on a dead line is asked again by who asked it, or given up: sent later from here, it would be a click nobody made.
    socket.sendBuffer = [];
    if (reason === 'io server disconnect') again();
  });
  window.addEventListener('online', renew);
  window.addEventListener('pageshow', shown);
  void open();

  return { socket, renew, stop };
}
