/** The value below which the share `q` of the values lies; NaN when there are none. */
export function percentile(values, q) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? NaN : sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)];
}

export const median = (values) => percentile(values, 0.5);

export const ms = (value) => (Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 0) : '-');
export const ratio = (value, base) => (Number.isFinite(value / base) ? `${(value / base).toFixed(1)} ×` : '-');
export const count = (value) => Math.round(value).toLocaleString('en-US');

/** A Markdown table; each row is a list of cells. */
export function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
