import { Trouble } from './trouble.ts';

describe('a trouble', () => {
  let said: string[];
  let trouble: Trouble;

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    trouble = new Trouble({ error: (message: string) => said.push(message), log: (message: string) => said.push(message) }, 'Adding jobs');
  });

  afterEach(() => void jest.useRealTimers());

  it('is told when it begins and when it is over, not each time that it shows', () => {
    for (let i = 0; i < 100; i++) {
      trouble.met(new Error('connection refused'));
      jest.advanceTimersByTime(50_000);
    }
    trouble.over();
    trouble.over();
    expect(said).toEqual(['Adding jobs: connection refused', 'Adding jobs: works again']);
  });

  it('is a new one when it shows again after it was over or after a quiet minute', () => {
    trouble.met('first');
    trouble.over();
    trouble.met('second');
    jest.advanceTimersByTime(60_000);
    trouble.met('third');
    expect(said).toEqual(['Adding jobs: first', 'Adding jobs: works again', 'Adding jobs: second', 'Adding jobs: third']);
  });
});
