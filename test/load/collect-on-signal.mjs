/** Loaded into a program whose memory is measured: what is garbage does not count. */
process.on('SIGUSR2', () => globalThis.gc());
