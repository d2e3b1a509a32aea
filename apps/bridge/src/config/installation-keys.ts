import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';

export interface InstallationKeys {
  adminKey: string;
  /** True when the admin key was made just now: the one moment to show it. */
  adminKeyIsNew: boolean;
  /** 32 bytes that seal secrets in the database. */
  sealing: Uint8Array;
  /** 32 bytes that sign page tokens. */
  pageTokens: Uint8Array;
  /** 32 bytes that hash the codes that visitors read out. */
  codes: Uint8Array;
}

/**
 * The keys of this installation. What the environment does not give is made once and kept in the data folder, beside the embedded
 * database that it belongs to. With a database of your own several bridges must agree without sharing a folder: there the secrets
 * are derived from `COBRIDGE_SECRET_KEY`, or from the admin key when that is not set.
 */
export function installationKeys(config: Config): InstallationKeys {
  const admin = config.adminKey === undefined ? keptIn(config.dataDir, 'admin-key') : { key: config.adminKey, isNew: false };
  const root = config.secretKey ?? (config.databaseUrl === undefined ? keptIn(config.dataDir, 'secret-key').key : admin.key);
  return {
    adminKey: admin.key,
    adminKeyIsNew: admin.isNew,
    sealing: derive(root, 'sealing'),
    pageTokens: derive(root, 'page-tokens'),
    codes: derive(root, 'codes'),
  };
}

function keptIn(dataDir: string, name: string): { key: string; isNew: boolean } {
  const path = join(dataDir, name);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32).toString('base64url');
  try {
    writeFileSync(path, `${key}\n`, { flag: 'wx', mode: 0o600 });
    return { key, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { key: readFileSync(path, 'utf8').trim(), isNew: false };
  }
}

const derive = (root: string, purpose: string): Uint8Array => new Uint8Array(hkdfSync('sha256', root, 'cobridge', purpose, 32));
