import { emitterMethods } from './cobrowseio-emitter.ts';
import type { CobrowseIO } from './cobrowseio-types.ts';

function emitter() {
  const failures: unknown[] = [];
  const target = {} as CobrowseIO;
  Object.assign(
    target,
    emitterMethods(target, (error) => failures.push(error)),
  );
  return { target, failures };
}

describe("Cobrowse.io's object as an event emitter", () => {
  it('calls listeners in order, with what was emitted, and with itself as this', () => {
    const { target } = emitter();
    const heard: unknown[] = [];
    const same = target
      .on('session.updated', (...args) => heard.push(['on', ...args]))
      .addListener('session.updated', function (this: unknown) {
        heard.push(this === target);
      })
      .prependListener('session.updated', () => heard.push('first'));
    expect(same).toBe(target);
    expect(target.emit('session.updated', 1, 2)).toBe(true);
    expect(target.emit('session.ended')).toBe(false);
    expect(heard).toEqual(['first', ['on', 1, 2], true]);
    expect([target.listenerCount('session.updated'), target.listeners('session.ended'), target.eventNames()]).toEqual([
      3,
      [],
      ['session.updated'],
    ]);
  });

  it('calls a listener that was added once only once, also when the same is emitted within', () => {
    const { target } = emitter();
    const once = jest.fn();
    target.once('x', () => void target.emit('x')).once('x', once);
    target.emit('x');
    expect(once).toHaveBeenCalledTimes(1);
  });

  it('calls a listener that was added once once, and one that was removed not at all', () => {
    const { target } = emitter();
    const [once, removed, kept] = [jest.fn(), jest.fn(), jest.fn()];
    target.once('x', once).on('x', removed).on('x', removed).on('x', kept);
    target
      .off('x', removed)
      .removeListener('x', removed)
      .off('x', () => {});
    target.emit('x');
    target.emit('x');
    expect([once, removed, kept].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 2]);
    target.removeAllListeners('x');
    expect(target.emit('x')).toBe(false);
    target.on('x', kept).on('y', kept).removeAllListeners();
    expect(target.eventNames()).toEqual([]);
  });

  it('is not harmed by a listener that throws, adds others, or removes itself', () => {
    const { target, failures } = emitter();
    const late = jest.fn();
    const leaver: jest.Mock = jest.fn(() => target.off('x', leaver));
    target
      .on('x', () => {
        throw new Error('of the page');
      })
      .on('x', leaver)
      .on('x', () => target.on('x', late));
    target.emit('x');
    expect([failures.map(String), leaver.mock.calls.length, late.mock.calls.length]).toEqual([['Error: of the page'], 1, 0]);
  });
});
