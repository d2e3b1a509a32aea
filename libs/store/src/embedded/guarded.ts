import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { ENVIRONMENT, type User } from './unprivileged.ts';

/**
 * Runs "$@" and asks it for a fast end when our end of stdin closes, which happens however we end: stop, exit, crash or kill -9.
 * It asks again until it is heard: a program that has only just begun may still ignore the signal, as shells let it.
 * Signals meant for the bridge and everything around it are left to the bridge, which has its own order of stopping.
 */
const GUARD = `
trap '' HUP INT TERM
exec 3<&0
"$@" </dev/null 3<&- & program=$!
{ read -r _ <&3; while kill -INT $program; do sleep 0.1; done; } 2>/dev/null & watch=$!
exec 3<&-
wait $program; status=$?
kill -KILL $watch 2>/dev/null
exit $status`;

/** A program that does not outlive this process. */
export interface Guarded {
  /** Its exit status, when it and all that it started have ended. */
  readonly gone: Promise<number | null>;
  /** Asks it for a fast end. */
  end(): void;
  /** No longer keeps this process running. */
  detach(): void;
  /** Why it ended, in its own words, on one line. */
  lastWords(): string;
}

export function guarded(command: string[], user: User, log: (line: string) => void, environment: NodeJS.ProcessEnv = {}): Guarded {
  const child = spawn('/bin/sh', ['-c', GUARD, 'cobridge-guard', ...command], {
    ...user,
    cwd: '/',
    env: { ...ENVIRONMENT, ...environment },
    // A session of its own: Ctrl-C in our terminal must not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // Node's pipes to a child are sockets, which their declared types hide.
  const [stdin, stderr] = [child.stdin as Socket, child.stderr as Socket];
  let lines: string[] = [];
  const hear = (line: string): void => {
    lines = [...lines, line].slice(-20);
    log(line);
  };
  createInterface({ input: stderr }).on('line', hear);
  stdin.on('error', (error: Error) => hear(`error: ${error.message}`));
  child.on('error', (error) => hear(`error: ${error.message}`));
  // Not 'exit': whoever kills the guard alone leaves the program running, and that still holds our stderr.
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));

  return {
    gone,
    end: () => {
      for (const part of [child, stdin, stderr]) part.ref();
      stdin.end();
    },
    detach: () => {
      for (const part of [child, stdin, stderr]) part.unref();
    },
    lastWords: () => {
      const telling = lines.flatMap((line) => /(?:FATAL|PANIC|error):\s+(.*)/.exec(line)?.[1] ?? []);
      return (telling.length > 0 ? telling : lines.slice(-3)).join('; ') || 'it said nothing';
    },
  };
}
