import { startEmulator } from './emulator.ts';

const emulator = await startEmulator({ port: Number(process.env['PORT'] ?? 4000) });
const brand = emulator.addAccount({
  id: '12345678',
  users: [{ name: 'bot', password: 'secret-pw', userId: '987654', pid: '7d0c2f0e-5b7a-5f43-9a58-3b1f6d0c9a11', seesAll: true }],
});
const { id } = brand.openConversation({ consumerId: 'visitor-1' });
const door = `${emulator.url}/emulator/accounts/${brand.id}`;

console.log(`LivePerson's messaging service, emulated, at ${emulator.url}
  account 12345678, user bot, password secret-pw; consumer visitor-1 has the conversation ${id}

  curl ${emulator.url}/api/account/12345678/service/baseURI.json?version=1.0
  curl -X POST '${emulator.url}/api/account/12345678/login?v=1.3' -H 'content-type: application/json' -d '{"username":"bot","password":"secret-pw"}'
  curl -X POST ${door}/conversations -d '{"consumerId":"visitor-2"}'
  curl -X POST ${door}/conversations/${id}/invite -d '{"mode":"view","expiresInSeconds":120}'
  curl -X POST ${door}/conversations/${id}/dialogs/<dialogId>/accept     (join, cancel)
  curl -X POST ${door}/conversations/${id}/close
  curl -X PATCH ${emulator.url}/emulator/knobs -d '{"duplicate":1}'      (all knobs: src/knobs.ts)
  curl ${emulator.url}/emulator                                          (state)`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.stop());
