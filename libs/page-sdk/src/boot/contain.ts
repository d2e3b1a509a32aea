/** Tells the page's author, and only the console. */
export function complain(problem: unknown): void {
  console.error('[Cobridge]', problem);
}

/** `work` as a callback that cannot throw into whoever calls it. */
export function contain<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      work(...args);
    } catch (error) {
      complain(error);
    }
  };
}
