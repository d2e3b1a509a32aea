import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

describe('the LivePerson emulator on its own', () => {
  it('says where it is and what to try, serves its account, and stops when told', async () => {
    const child = spawn(process.execPath, ['dist/apps/liveperson-emulator/src/main.js'], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      let url = '';
      for await (const line of createInterface({ input: child.stdout })) {
        url = /(http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1] ?? url;
        if (line.includes('(state)')) break;
      }
      const login = { username: 'bot', password: 'secret-pw' };
      const answer = await fetch(`${url}/api/account/12345678/login?v=1.3`, { method: 'POST', body: JSON.stringify(login) });
      expect(await answer.json()).toMatchObject({ bearer: expect.any(String), config: { userId: '987654' } });
      expect(await (await fetch(`${url}/emulator`)).json()).toMatchObject({
        accounts: [{ id: '12345678', conversations: [{ consumerId: 'visitor-1', stage: 'OPEN' }] }],
      });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual([0, null]);
  });
});
