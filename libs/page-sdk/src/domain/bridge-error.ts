import type { AnswerError, ErrorCode, BridgeErrorEvent } from '../types.ts';

/** Something went wrong: `code` for machines, the message for the page's author. */
export class BridgeError extends Error implements AnswerError {
  declare readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'BridgeError';
    this.code = code;
  }

  toEvent(): BridgeErrorEvent {
    return { type: 'error', code: this.code, message: this.message };
  }
}
