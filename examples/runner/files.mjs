import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };
const LOOK = join(import.meta.dirname, '../look.css');
const PACKAGES = join(import.meta.dirname, '../../node_modules');

/** In the files of the examples the bridge has this address, as in the documents. */
const WRITTEN_ADDRESS = 'https://bridge.example';

/** Path on the site to file, for everything in these folders that a browser can use. */
export function filesIn(folders, packages = {}) {
  const found = folders.flatMap((folder) => readdirSync(folder).map((name) => [`/${name}`, join(folder, name)]));
  const files = new Map(found.filter(([name]) => extname(name) in TYPES));
  files.set('/', files.get('/index.html')).set('/look.css', LOOK);
  for (const [name, file] of Object.entries(packages)) files.set(name, join(PACKAGES, file));
  return files;
}

/** A file to send. In a page the bridge's address becomes the real one. */
export async function openFile(file, bridgeUrl) {
  const text = await readFile(file, 'utf8');
  const type = TYPES[extname(file)];
  return { type, body: extname(file) === '.html' ? text.replaceAll(WRITTEN_ADDRESS, bridgeUrl) : text };
}

/** What the pages may do: their own files, and the bridge's script and socket. No inline script or style, nothing else from anywhere. */
export const policyFor = (bridgeUrl) => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'self' ${bridgeUrl}`,
    `connect-src 'self' ${bridgeUrl} ${bridgeUrl.replace('http', 'ws')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
});
