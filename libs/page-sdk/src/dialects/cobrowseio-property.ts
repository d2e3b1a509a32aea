import { complain } from '../boot/contain.ts';

/**
 * A property of `target` that page code may set. It starts as `first`, or as what the page has set already; `change` says what a new
 * value makes of the one before, or throws.
 */
export function settable<Host extends object, Name extends keyof Host>(
  target: Host,
  name: Name,
  first: Host[Name],
  change: (next: Host[Name], before: Host[Name]) => Host[Name] = (next) => next,
): void {
  let value = first;
  const earlier = target[name] as Host[Name] | undefined;
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set(next: Host[Name]) {
      value = change(next, value);
    },
  });
  if (earlier === undefined) return;
  try {
    target[name] = earlier;
  } catch (error) {
    complain(error);
  }
}
