import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const FIRST_PAGE_MS = 10_000;

/**
 * A real Chromium, headless: the one that comes inside the npm package `@sparticuz/chromium`, or the one at `CHROMIUM_PATH`. Works for
 * root and for an ordinary user, with no Debian package and no network. Close it when done.
 */
export async function launchBrowser(settings: BrowserSettings = {}): Promise<Browser> {
  const found = await findChromium();
  // On a busy machine a Chromium fresh from the disk may start and never draw; the next one does.
  return start(found, settings).catch(() => start(found, settings));
}

/** What a visitor may have set. */
export interface BrowserSettings {
  /** The letter size in pixels. */
  letters?: number;
}

/** A browser that has drawn its first page, so that no test pays for a cold start. */
async function start(found: { executablePath: string; env: Record<string, string> }, { letters = 16 }: BrowserSettings): Promise<Browser> {
  const browser = await chromium.launch({
    ...found,
    // The sandbox needs rights that containers and root do not have; the pages are our own.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-software-rasterizer',
      '--disable-quic',
      '--disable-sync',
      '--font-render-hinting=none',
      '--hide-scrollbars',
      `--blink-settings=defaultFontSize=${letters}`,
    ],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(FIRST_PAGE_MS);
    await page.setContent('<button>Drawn</button>');
    await page.getByRole('button').click();
    await page.screenshot();
    await page.close();
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function findChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const own = process.env['CHROMIUM_PATH'];
  if (own) return { executablePath: own, env };
  const folder = await unpackChromium();
  return { executablePath: join(folder, 'chromium'), env: { ...env, FONTCONFIG_FILE: join(folder, 'fonts.conf') } };
}

/** Unpacks once per version, beside the package; several test workers may come here at the same time. */
async function unpackChromium(): Promise<string> {
  const modules = join(import.meta.dirname, '../../node_modules');
  const { version } = JSON.parse(await readFile(join(modules, '@sparticuz/chromium/package.json'), 'utf8')) as { version: string };
  const folder = join(modules, '.cache', `chromium-${version}`);
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  // The package unpacks into the temporary folder of its process.
  const unpack = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  await promisify(execFile)(process.execPath, ['-e', unpack], { cwd: modules, env: { ...process.env, TMPDIR: staging } });
  await writeFile(join(staging, 'fonts.conf'), fontsOf(join(folder, 'fonts')));
  await Promise.all([chmod(staging, 0o755), chmod(join(staging, 'chromium'), 0o755)]);
  // Who comes second finds the folder taken, and takes it.
  await rename(staging, folder).catch(() => rm(staging, { recursive: true }));
  return folder;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The machine's fonts, and those of the package for a machine without any. */
const fontsOf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
