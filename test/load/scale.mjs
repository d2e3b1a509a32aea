/**
 * How much is measured. `latencyRates` and `sustainedRates` are hooks a second; `streamRates` are frames a second, below what a stream
 * bears; the first of `idlePages` is the base.
 */
export const FULL = {
  pages: 1000,
  rounds: 3,
  stageSeconds: 5,
  latencyRates: [200, 1000],
  sustainedRates: [500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000],
  mixedSeconds: 8,
  streamRates: [10_000, 20_000],
  streamMessages: 1_000_000,
  expiring: 5000,
  called: 2000,
  idlePages: [0, 1000, 5000],
  starts: 5,
};

/** A look at everything in a few minutes. */
export const QUICK = {
  ...FULL,
  rounds: 1,
  stageSeconds: 2,
  sustainedRates: [1000, 2000, 4000, 8000],
  mixedSeconds: 3,
  streamMessages: 100_000,
  expiring: 1000,
  called: 500,
  idlePages: [0, 1000],
  starts: 1,
};
