// Leaves out of socket.io-client what a page of ours never uses. The SDK connects to one namespace over WebSocket or fetch and speaks
// JSON; WebTransport, XMLHttpRequest, binary data and the parsing of loose addresses are a fifth of the client.
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
  'engine.io-client/build/esm/transports/index.js': 'export const transports = {};',
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export const parse = (address) => {
      const { protocol, hostname, port } = new URL(address);
      return { protocol: protocol.slice(0, -1), host: hostname, port };
    };`,
  'engine.io-parser/build/esm/contrib/base64-arraybuffer.js': 'export const decode = () => new ArrayBuffer(0), encode = () => "";',
  'socket.io-parser/build/esm/is-binary.js': 'export const hasBinary = () => false, isBinary = () => false;',
  'socket.io-parser/build/esm/binary.js': `
    export const deconstructPacket = (packet) => ({ packet, buffers: [] }), reconstructPacket = (packet) => packet;`,
};

/** An esbuild plugin. Fails the build when a new release of the client has none of the files that are replaced here. */
export const leanSocketIo = {
  name: 'lean-socket-io',
  setup(build) {
    const left = new Set(Object.keys(replaced));
    build.onResolve({ filter: /^(socket|engine)\.io-client$/ }, ({ path }) => ({ path, namespace: 'lean-socket-io' }));
    build.onLoad({ filter: /./, namespace: 'lean-socket-io' }, ({ path }) => ({ contents: entries[path], resolveDir: modules('') }));
    build.onLoad({ filter: /[\\/](socket|engine)\.io-(client|parser)[\\/]build[\\/]esm[\\/]/ }, ({ path }) => {
      const name = Object.keys(replaced).find((file) => path.replaceAll('\\', '/').endsWith(`/node_modules/${file}`));
      if (name === undefined) return undefined;
      left.delete(name);
      return { contents: replaced[name], loader: 'js' };
    });
    build.onEnd(() =>
      left.size > 0 ? { errors: [{ text: `socket.io-client has changed: not found: ${[...left].join(', ')}` }] } : undefined,
    );
  },
};
