import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a body came with the signature that the generator makes. */
export function isSigned(raw, header = '') {
  const expected = createHmac('sha256', process.env.SECRET).update(raw).digest();
  const given = Buffer.from(header.slice('sha256='.length), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
