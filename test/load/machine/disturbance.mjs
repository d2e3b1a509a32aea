import { cpuMsOf, machineCpuMs } from './processes.mjs';

/** Of a core, used by anything that is neither the system under test nor the generator. */
const DISTURBED_ABOVE = 0.12;
const TRIES = 3;

/** Begins to watch; the function that it returns tells what was used since then: by the system under test in milliseconds, by strangers in cores. */
export function watchCores(systemPid) {
  const before = reading(systemPid);
  return () => {
    const after = reading(systemPid);
    const ms = after.at - before.at;
    const system = after.system - before.system;
    const others = after.machine - before.machine - system - (after.own - before.own);
    return { systemMs: system, others: Math.max(0, others / ms) };
  };
}

/** Runs a stage again, at most twice, when other work on the machine spoiled it; the best of those is answered. `run` answers `ok` and `others`. */
export async function undisturbed(run) {
  let best = null;
  for (let tries = 0; tries < TRIES; tries++) {
    const figures = await run();
    if (best === null || (figures.ok && !best.ok) || (figures.ok === best.ok && figures.others < best.others)) best = figures;
    if (best.others <= DISTURBED_ABOVE) break;
  }
  return { ...best, disturbed: best.others > DISTURBED_ABOVE };
}

/** Those that nothing disturbed, or all when there are none. */
export function clean(runs) {
  const undisturbedRuns = runs.filter(({ disturbed }) => !disturbed);
  return undisturbedRuns.length > 0 ? undisturbedRuns : runs;
}

/** A sentence for the report, with a space before it; empty when nothing was disturbed. */
export function disturbanceNote(runs) {
  const count = runs.filter(({ disturbed }) => disturbed).length;
  return count === 0
    ? ''
    : ` **${count} of ${runs.length} stages were disturbed** by other work on the machine; they are left out where a clean one exists.`;
}

function reading(systemPid) {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), machine: machineCpuMs(), own: (user + system) / 1000, system: cpuMsOf(systemPid) };
}
