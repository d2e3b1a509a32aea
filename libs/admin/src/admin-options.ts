export class AdminOptions {
  /** `checkCallbackUrl` says what is wrong with a callback's address, or null when events may be sent there. */
  constructor(readonly checkCallbackUrl: (url: string) => string | null) {}
}
