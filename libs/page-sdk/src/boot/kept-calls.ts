import { contain } from './contain.ts';

type Call = (cobridge: unknown) => unknown;

/**
 * Makes the calls that the page's snippet has kept while the script was on its way, each on its own, and from now on every other one
 * at once.
 */
export function makeCalls(calls: unknown, cobridge: unknown): void {
  if (!Array.isArray(calls)) return;
  const kept: Call[] = calls;
  const make = contain((call: Call) => void call(cobridge));
  // One that is added meanwhile may need those before it.
  for (const call of kept) make(call);
  kept.push = (...more) => {
    for (const call of more) make(call);
    return 0;
  };
}
