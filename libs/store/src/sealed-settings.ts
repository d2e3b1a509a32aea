import { type AgentCredentials, DEFAULT_SETTINGS, type Settings, type StreamSettings } from '#libs/core';
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
  const { appSecret, stream, ...liveperson } = settings.liveperson;
  return {
    liveperson: {
      ...liveperson,
      ...(appSecret !== undefined && { appSecret: await turn(appSecret) }),
      ...(stream !== undefined && { stream: await eachCredential(stream, turn) }),
    },
    callbacks: await Promise.all(settings.callbacks.map(async (endpoint) => ({ ...endpoint, secret: await turn(endpoint.secret) }))),
  };
}

/** All of an agent's credentials are sealed, its name too: who may log in is nobody's business. */
async function eachCredential(stream: StreamSettings, turn: (secret: string) => Promise<string>): Promise<StreamSettings> {
  if (stream.kind === 'consumer') return stream;
  const turned = Object.entries<string>(stream.credentials).map(async ([name, value]) => [name, await turn(value)] as const);
  return { ...stream, credentials: Object.fromEntries(await Promise.all(turned)) as AgentCredentials };
}
