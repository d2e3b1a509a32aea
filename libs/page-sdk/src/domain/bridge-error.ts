import type { AnswerError, ErrorCode, BridgeErrorEvent } from '../types.ts';

/** Something went wrong: `code` for machines, the message for the page's author. */
export class BridgeError extends Error implements AnswerError {
  override readonly name = 'BridgeError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  toEvent(): BridgeErrorEvent {
    return { type: 'error', code: this.code, message: this.message };
  }
}
