const PROTOTYPES: readonly object[] = [Object, Array, String, Number, Boolean].map(({ prototype }) => prototype as object);

/**
 * Runs `work` as if no page had ever given a `toJSON` to the types that JSON knows. Prototype.js before 1.7 did, and then
 * `JSON.stringify` makes of every list a string.
 */
export function plainJson<Result>(work: () => Result): Result {
  const spoilt = PROTOTYPES.map((prototype) => [prototype, Object.getOwnPropertyDescriptor(prototype, 'toJSON')] as const);
  const taken = spoilt.filter(([prototype, toJSON]) => toJSON && Reflect.deleteProperty(prototype, 'toJSON'));
  try {
    return work();
  } finally {
    for (const [prototype, toJSON] of taken) Object.defineProperty(prototype, 'toJSON', toJSON as PropertyDescriptor);
  }
}
