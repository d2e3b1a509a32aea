import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the test files of one run a folder for what they share, in `COBRIDGE_TEST_RUN`. It is gone when the run is over. */
export default function openRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'cobridge-run-'));
  // Root's PostgreSQL runs as another user, who has to pass through here.
  chmodSync(folder, 0o711);
  process.env['COBRIDGE_TEST_RUN'] = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}
