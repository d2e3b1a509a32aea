import { MemorySessions } from '../testing/memory-sessions.ts';
import { promisesOfSessions } from '../testing/sessions.contract.ts';

describe('sessions in memory', () => {
  const sessions = new MemorySessions();
  promisesOfSessions(
    async () => sessions,
    async (ms) => {
      sessions.time += ms;
    },
  );
});
