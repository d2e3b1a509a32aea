import { DEFAULT_SETTINGS, type Settings } from '#libs/core';
import type { Sealer } from './sealed.ts';

/** Settings as they are kept: every secret sealed, and perhaps from a time that had fewer of them. */
export type SealedSettings = Partial<Settings>;

export async function sealSettings(settings: Settings, sealer: Sealer): Promise<SealedSettings> {
  return { ...settings, ...(await eachSecret(settings, (secret) => sealer.seal(secret))) };
}

/** Settings that were added later than the account have their defaults. */
export async function unsealSettings(kept: SealedSettings, sealer: Sealer): Promise<Settings> {
  const settings: Settings = { ...DEFAULT_SETTINGS, ...kept };
  return { ...settings, ...(await eachSecret(settings, (secret) => sealer.unseal(secret))) };
}

async function eachSecret(
  settings: Settings,
  turn: (secret: string) => Promise<string>,
): Promise<Pick<Settings, 'liveperson' | 'callbacks'>> {
  const { appSecret, ...liveperson } = settings.liveperson;
  return {
    liveperson: appSecret === undefined ? liveperson : { ...liveperson, appSecret: await turn(appSecret) },
    callbacks: await Promise.all(settings.callbacks.map(async (endpoint) => ({ ...endpoint, secret: await turn(endpoint.secret) }))),
  };
}
