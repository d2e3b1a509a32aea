import { contain } from '../boot/contain.ts';

/** Minutes and seconds as a clock shows them, whole seconds still to go. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.ceil(Math.max(0, milliseconds) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Calls `tick` now and at every full second before `deadline`, then `over`, by the clock `now`. Returns what ends it early. */
export function countDown(
  deadline: number,
  now: () => number,
  { tick, over }: { tick: (left: number) => void; over: () => void },
): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const step = contain(() => {
    const left = deadline - now();
    if (left <= 0) return over();
    timer = setTimeout(step, left % 1000 || 1000);
    tick(left);
  });
  step();
  return () => clearTimeout(timer);
}
