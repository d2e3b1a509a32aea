import { promisesOfDeliveries } from '../testing/deliveries.contract.ts';
import { MemoryDeliveries } from '../testing/memory-deliveries.ts';
import { MemorySessions } from '../testing/memory-sessions.ts';

describe('deliveries in memory', () => {
  promisesOfDeliveries(async () => {
    const sessions = new MemorySessions();
    return { sessions, deliveries: new MemoryDeliveries(() => sessions.now()) };
  });
});
