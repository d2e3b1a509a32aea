import { EventEmitter, once } from 'node:events';
import { closeSync, openSync, readSync, statSync, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

type Line = Record<string, unknown>;

const WITHIN_MS = 25_000;

/** What a program says. */
export interface Voice {
  /** Everything that it has said so far. */
  readonly output: () => string;
  /** Its JSON log lines of one event. */
  readonly logged: (event: string) => Line[];
  /** Resolves when it has logged as many lines of that event as `enough` wants. */
  readonly untilLogged: (event: string, enough: (lines: Line[]) => boolean) => Promise<Line[]>;
}

/** Who hears it: `heard` is told whenever there is more, and `until` looks again. */
export interface Ear extends Voice {
  heard(): void;
  until(fits: () => boolean, trouble: string): Promise<void>;
}

/** `output` is read again after each call of `heard`. */
export function listenTo(output: () => string): Ear {
  const news = new EventEmitter().setMaxListeners(0);
  const ear: Ear = {
    output,
    logged: (event) =>
      output()
        .split('\n')
        // What comes after the last end of a line is half a line.
        .slice(0, -1)
        .filter((line) => line.startsWith('{') && line.includes(`"event":"${event}"`))
        .map((line) => JSON.parse(line) as Line),
    untilLogged: async (event, enough) => {
      await ear.until(() => enough(ear.logged(event)), `Not enough of ${event} was logged`);
      return ear.logged(event);
    },
    heard: () => void news.emit('heard'),
    until: async (fits, trouble) => {
      const signal = AbortSignal.timeout(WITHIN_MS);
      while (!fits()) {
        await once(news, 'heard', { signal }).catch(() => {
          throw new Error(`${trouble}:\n${output().slice(-4000)}`);
        });
      }
    },
  };
  return ear;
}

/** What a program writes to that file from now on. The file is watched only while somebody waits for more of it. */
export function listenToFile(file: string): Voice {
  const decoder = new StringDecoder('utf8');
  let from = statSync(file).size;
  let said = '';
  const ear = listenTo(() => {
    const more = Buffer.alloc(statSync(file).size - from);
    if (more.length === 0) return said;
    const handle = openSync(file, 'r');
    const length = readSync(handle, more, 0, more.length, from);
    closeSync(handle);
    from += length;
    return (said += decoder.write(more.subarray(0, length)));
  });
  const { output, logged } = ear;
  return {
    output,
    logged,
    untilLogged: async (event, enough) => {
      const watcher = watch(file, () => ear.heard());
      try {
        return await ear.untilLogged(event, enough);
      } finally {
        watcher.close();
      }
    },
  };
}
