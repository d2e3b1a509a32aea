import { envelope, sessionView } from '../../testing/sessions.ts';
import { createListeners } from './listeners.ts';

const event = envelope(sessionView({ id: 'a' }));

describe('Handlers of the page', () => {
  it('are told of their own event only, until they leave', () => {
    const heard: string[] = [];
    const listeners = createListeners(() => {});
    const leave = listeners.add('invited', ({ session }) => heard.push(`invited ${session.id}`));
    listeners.add('closed', () => heard.push('closed'));
    expect(listeners.tell('invited', event)).toBe(1);
    leave();
    expect(listeners.tell('invited', event)).toBe(0);
    expect(heard).toEqual(['invited a']);
  });

  it('do not keep each other from hearing when one throws', () => {
    const failures: unknown[] = [];
    const heard: string[] = [];
    const listeners = createListeners((error) => failures.push(error));
    const broken = new Error('a handler of the page');
    listeners.add('invited', () => {
      throw broken;
    });
    listeners.add('invited', () => heard.push('second'));
    listeners.tell('invited', event);
    expect([heard, failures]).toEqual([['second'], [broken]]);
  });

  it('may leave and come while an event is told', () => {
    const heard: string[] = [];
    const listeners = createListeners(() => {});
    const leave = listeners.add('invited', () => {
      heard.push('first');
      leave();
      listeners.add('invited', () => heard.push('late'));
    });
    listeners.tell('invited', event);
    listeners.tell('invited', event);
    expect(heard).toEqual(['first', 'late']);
  });

  it('are forgotten all at once', () => {
    const listeners = createListeners(() => {});
    listeners.add('invited', () => {});
    listeners.clear();
    expect(listeners.tell('invited', event)).toBe(0);
  });
});
