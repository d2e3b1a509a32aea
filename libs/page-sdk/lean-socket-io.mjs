// Leaves out of socket.io-client what a page of ours never uses. The SDK connects to one namespace over WebSocket or fetch and speaks
// JSON; WebTransport, XMLHttpRequest, binary data, upgrades from polling and much of the public interface are a third of the client.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const modules = (path) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));

const entries = {
  'socket.io-client': `
    export { Manager } from '${modules('socket.io-client/build/esm/manager.js')}';
    export { Fetch } from '${modules('engine.io-client/build/esm/transports/polling-fetch.js')}';
    export { WS as WebSocket } from '${modules('engine.io-client/build/esm/transports/websocket.js')}';`,
  'engine.io-client': `
    export { Socket } from '${modules('engine.io-client/build/esm/socket.js')}';
    export { installTimerFunctions } from '${modules('engine.io-client/build/esm/util.js')}';
    export { nextTick } from '${modules('engine.io-client/build/esm/globals.js')}';`,
};

const replaced = {
  '@socket.io/component-emitter/lib/esm/index.js': `
    export class Emitter {
      listeners(event) {
        return ((this._callbacks ??= Object.create(null))[event] ??= []);
      }
      hasListeners(event) {
        return this.listeners(event).length > 0;
      }
      on(event, listener) {
        this.listeners(event).push(listener);
        return this;
      }
      once(event, listener) {
        const once = (...args) => {
          this.off(event, once);
          listener.apply(this, args);
        };
        once.fn = listener;
        return this.on(event, once);
      }
      off(event, listener) {
        if (!event) this._callbacks = undefined;
        else this._callbacks[event] = listener ? this.listeners(event).filter((one) => one !== listener && one.fn !== listener) : [];
        return this;
      }
      emit(event, ...args) {
        for (const listener of [...this.listeners(event)]) listener.apply(this, args);
        return this;
      }
    }
    Emitter.prototype.emitReserved = Emitter.prototype.emit;
    Emitter.prototype.removeAllListeners = Emitter.prototype.off;`,
  'engine.io-client/build/esm/transports/index.js': 'export const transports = {};',
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export const parse = (address) => {
      const { protocol, hostname, port } = new URL(address);
      return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port };
    };`,
  'engine.io-client/build/esm/contrib/parseqs.js': `
    export const encode = (query) => String(new URLSearchParams(query));
    export const decode = (text) => Object.fromEntries(new URLSearchParams(text));`,
  'engine.io-client/build/esm/util.js': `
    export const pick = () => ({});
    export const installTimerFunctions = (to) => {
      to.setTimeoutFn = (...args) => setTimeout(...args);
      to.clearTimeoutFn = (timer) => clearTimeout(timer);
    };
    export const byteLength = (text) => new TextEncoder().encode(text).length;
    export const randomString = () => String(Math.random()).slice(2);`,
  'engine.io-client/build/esm/globals.js': `
    export const nextTick = queueMicrotask.bind(globalThis), globalThisShim = globalThis, defaultBinaryType = 'arraybuffer';
    export const createCookieJar = () => {};`,
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, _, callback) => callback(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = () => {};`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export const decodePacket = (text) => {
      const type = PACKET_TYPES_REVERSE[text[0]];
      return type ? { type, data: text.slice(1) || undefined } : ERROR_PACKET;
    };`,
  'socket.io-parser/build/esm/is-binary.js': 'export const hasBinary = () => false, isBinary = () => false;',
  'socket.io-parser/build/esm/binary.js': `
    export const deconstructPacket = (packet) => ({ packet, buffers: [] }), reconstructPacket = (packet) => packet;`,
};

/** By file, methods that nothing calls: not we, and not the client with the options that we give it. */
const unused = {
  'socket.io-client/build/esm/socket.js':
    'send emitWithAck compress timeout disconnected volatile close _addToQueue onAny prependAny offAny listenersAny onAnyOutgoing prependAnyOutgoing offAnyOutgoing listenersAnyOutgoing',
  'socket.io-client/build/esm/manager.js': 'connect disconnect',
  'socket.io-parser/build/esm/index.js': 'encodeAsBinary',
  'engine.io-client/build/esm/socket.js': '_probe',
  'engine.io-client/build/esm/transports/polling.js': 'pause',
};

/** By file, words that others take the place of. */
const mended = {
  // A poll whose body breaks is an error of the poll, and not a rejection that the page hears of.
  'engine.io-client/build/esm/transports/polling-fetch.js': ['res.text().then(', 'return res.text().then('],
  // The parser as an object of all that it exports would keep what nobody calls.
  'socket.io-client/build/esm/manager.js': [
    'import * as parser from "socket.io-parser";',
    'import { Decoder, Encoder } from "socket.io-parser"; const parser = { Decoder, Encoder };',
  ],
};

/** Cuts a method out of what the TypeScript compiler has written. */
function without(code, method) {
  const [before, after, ...more] = code.split(new RegExp(`^    (?:get )?${method}\\([^\\n]*\\) \\{\\n[^]*?\\n    \\}\\n`, 'm'));
  if (after === undefined || more.length > 0) throw new Error(`socket.io-client has changed: no method ${method}`);
  return before + after;
}

function changed(name, code) {
  const [before, after] = mended[name] ?? ['', ''];
  if (!code.includes(before)) throw new Error(`socket.io-client has changed: no ${before}`);
  return (unused[name]?.split(' ') ?? []).reduce(without, code.replace(before, after));
}

/** An esbuild plugin. Fails the build when a new release of the client has not what is replaced or cut here. */
export const leanSocketIo = {
  name: 'lean-socket-io',
  setup(build) {
    const files = [replaced, unused, mended].flatMap((list) => Object.keys(list));
    const left = new Set(files);
    build.onResolve({ filter: /^(socket|engine)\.io-client$/ }, ({ path }) => ({ path, namespace: 'lean-socket-io' }));
    build.onLoad({ filter: /./, namespace: 'lean-socket-io' }, ({ path }) => ({ contents: entries[path], resolveDir: modules('') }));
    build.onLoad(
      { filter: /[\\/](socket|engine)\.io-(client|parser)[\\/]build[\\/]esm[\\/]|component-emitter[\\/]lib[\\/]esm/ },
      async ({ path }) => {
        const name = files.find((file) => path.replaceAll('\\', '/').endsWith(`/node_modules/${file}`));
        if (name === undefined) return undefined;
        left.delete(name);
        return { contents: replaced[name] ?? changed(name, await readFile(path, 'utf8')), loader: 'js' };
      },
    );
    build.onEnd(() =>
      left.size > 0 ? { errors: [{ text: `socket.io-client has changed: not found: ${[...left].join(', ')}` }] } : undefined,
    );
  },
};
