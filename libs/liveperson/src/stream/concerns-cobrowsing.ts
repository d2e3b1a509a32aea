const TELLING = ['COBROWSE', 'CLOSE', 'DELETE'].map((word) => Buffer.from(word));
const ESCAPE = Buffer.from('\\u00');

/**
 * Whether a frame may say anything about cobrowsing, told from its bytes without parsing it. A notification holds the whole
 * conversation, so one without a COBROWSE dialog, an end (`CLOSE`) or a departure (`DELETE`) is of no concern. A word may hide only behind
 * an escaped letter, and a frame with one is read. It may say yes to what turns out to be nothing, and never no to something.
 */
export function concernsCobrowsing(frame: Buffer): boolean {
  return TELLING.some((word) => frame.includes(word)) || frame.includes(ESCAPE);
}
