/** The words that matter, and the beginning of a capital letter that is escaped, behind which one may hide. */
const TELLING = /COBROWSE|CLOSE|DELETE|\\u00[45]/;

/**
 * Whether a frame may say anything about cobrowsing, told from its bytes without parsing it. A notification holds the whole
 * conversation, so one without a COBROWSE dialog, an end (`CLOSE`) or a departure (`DELETE`) is of no concern. It may say yes to what turns
 * out to be nothing, and never no to something.
 */
export function concernsCobrowsing(frame: Buffer): boolean {
  return TELLING.test(frame.toString('latin1'));
}
