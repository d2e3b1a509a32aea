import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/**
 * A WebSocket client on a bare socket, because the generator's own work per frame must be small beside the server's. It takes whole,
 * unmasked frames as servers send them. `heard` gets each text frame's bytes, valid during the call only. Answers `{ say, close }`.
 */
export function openWebSocket({ port, path, opened = () => {}, heard, closed }) {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.setNoDelay(true);
  const link = { say: (text) => socket.write(frame(text, TEXT)), close: () => socket.destroy() };
  let open = false;
  let rest = null;
  let why = 'closed';
  socket.on('connect', () => socket.write(handshake(port, path)));
  socket.on('data', (data) => {
    const bytes = rest === null ? data : Buffer.concat([rest, data]);
    let at = 0;
    if (!open) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return void (rest = bytes);
      if (bytes.toString('latin1', 9, 12) !== '101') return void socket.destroy(new Error(bytes.toString('latin1', 0, 200)));
      open = true;
      at = end + 4;
      opened();
    }
    for (let size = frameSize(bytes, at); size > 0; size = frameSize(bytes, at)) {
      const payload = bytes.subarray(at + headerSize(bytes, at), at + size);
      const kind = bytes[at] & 15;
      if (kind === TEXT) heard(payload, link);
      else if (kind === PING) socket.write(frame(payload, PONG));
      else if (kind === CLOSE) socket.end();
      at += size;
    }
    rest = at === bytes.length ? null : bytes.subarray(at);
  });
  socket.on('error', (error) => (why = error.message));
  socket.on('close', () => closed(why));
  return link;
}

/** Masked with zero, which leaves the payload as it is. */
function frame(content, kind) {
  const payload = Buffer.from(content);
  const header =
    payload.length < 126 ? [0x80 | kind, 0x80 | payload.length] : [0x80 | kind, 0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}

/** Of the frame at `at` with its header; 0 while it is not all there. */
function frameSize(bytes, at) {
  const header = headerSize(bytes, at);
  if (bytes.length - at < header) return 0;
  const short = bytes[at + 1];
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return bytes.length - at < header + length ? 0 : header + length;
}

const headerSize = (bytes, at) => (bytes[at + 1] === 127 ? 10 : bytes[at + 1] === 126 ? 4 : 2);

const handshake = (port, path) =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
