import { contain } from '../boot/contain.ts';
import type { LazyDialect, LazyFiles } from '../boot/lazy-files.ts';
import type { Dialect as DialectName, Envelope, SessionView } from '../types.ts';
import type { Dialect, DialectHost } from './dialect.ts';
import { promiseClient } from './promise-client.ts';

interface Surroundings {
  files: LazyFiles;
  host: DialectHost;
  /** It cannot be loaded. */
  missing: (name: LazyDialect, why: unknown) => void;
}

export interface Dialects {
  /** Resolves when each is there, or is known to be missing. */
  ready: Promise<unknown>;
  told: Dialect['told'];
  claims(session: SessionView): boolean;
  stop(): void;
}

/** Loads dialects. What is told before one is there waits for it; what one throws goes no further. */
export function loadDialects(names: readonly DialectName[], surroundings: Surroundings): Dialects {
  const lazy = [...new Set(names)].filter((name): name is LazyDialect => name !== 'liveperson');
  const all = lazy.map((name) => loadDialect(name, surroundings));
  return {
    ready: Promise.all(all.map(({ ready }) => ready)),
    told: (event, before) => all.forEach((one) => one.told(event, before)),
    // Each is asked, so that each sees every offer.
    claims: (session) => all.filter((one) => one.claims(session)).length > 0,
    stop: () => all.forEach((one) => one.stop()),
  };
}

function loadDialect(name: LazyDialect, { files, host, missing }: Surroundings) {
  const opened = name === 'cobrowseio' ? promiseClient(host.window) : () => {};
  let waiting: [Envelope, SessionView | undefined][] = [];
  let dialect: Dialect | undefined;
  let over = false;

  const told = contain((event: Envelope, before: SessionView | undefined) => {
    if (dialect) dialect.told(event, before);
    else if (!over) waiting.push([event, before]);
  });
  const end = () => {
    over = true;
    waiting = [];
  };

  async function load(): Promise<void> {
    try {
      const { open } = await files.dialect(name);
      if (over) return;
      contain(() => {
        dialect = open(host);
      })();
    } catch (error) {
      if (!over) missing(name, error);
    }
    if (!dialect) return end();
    const news = waiting;
    end();
    for (const one of news) told(...one);
    opened();
    host.rerender();
  }

  return {
    ready: load(),
    told,
    claims(session: SessionView): boolean {
      let claimed = false;
      contain(() => {
        claimed = dialect?.claims?.(session) === true;
      })();
      return claimed;
    },
    stop() {
      end();
      contain(() => dialect?.stop())();
      dialect = undefined;
    },
  };
}
