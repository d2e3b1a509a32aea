/**
 * A number as Java's `Double.toString` writes it, which is how `metaData.expires` stands on LivePerson's wire: `1.76371212044E9`.
 * Below ten million there is no exponent, but always a fraction: `90.0`.
 */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/** JSON as LivePerson writes it: as usual, only that numbers under the key `expires` are Java doubles when `doubles` is set. */
export function wireJson(value: unknown, doubles = true): string {
  return doubles ? write(value, '') : JSON.stringify(value);
}

function write(value: unknown, key: string): string {
  if (typeof value === 'number' && key === 'expires' && Number.isFinite(value)) return javaDouble(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((item) => write(item, '')).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${write(item, name)}`).join(',')}}`;
}
