import { readFileSync, readdirSync } from 'node:fs';

/** Of one clock tick, as /proc counts processor time: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** Processor time that a process and all below it have used, those that have ended included, in milliseconds. */
export function cpuMsOf(pid) {
  let ticks = 0;
  for (const { fields } of treeOf(pid)) for (const field of fields.slice(11, 15)) ticks += Number(field);
  return ticks * TICK_MS;
}

/** The same of that process alone. */
export function ownCpuMsOf(pid) {
  const [user, system] = statOf(String(pid))[0].fields.slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MS;
}

/** Processor time that the whole machine has used, in milliseconds. */
export function machineCpuMs() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * TICK_MS;
}

/** Proportional set size of one process in KiB: memory shared with others counts in part. */
export function pssKbOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
}

/** Resident set size of one process in KiB: memory shared with others counts whole. */
export function rssKbOf(pid) {
  return Number(/^Rss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
}

function treeOf(root) {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(name) : []));
  const tree = all.filter(({ pid }) => pid === root);
  for (const parent of tree) tree.push(...all.filter(({ fields }) => Number(fields[1]) === parent.pid));
  return tree;
}

/** The fields of /proc/<pid>/stat from the state on; nothing for a process that has gone. */
function statOf(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return [{ pid: Number(name), fields: stat.slice(stat.lastIndexOf(')') + 2).split(' ') }];
  } catch {
    return [];
  }
}
