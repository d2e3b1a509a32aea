import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Moves this process, the generator, to a core of its own and names the one for the system under test. Null where that cannot be done: on a
 * machine with one core, or without taskset.
 */
export function separateCores() {
  const [system, generator] = allowedCores();
  if (generator === undefined) return null;
  try {
    execFileSync('taskset', ['-a', '-c', '-p', generator, String(process.pid)], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { system, generator };
}

function allowedCores() {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
  });
}
