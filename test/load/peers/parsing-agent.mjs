import { WebSocket } from 'ws';

/** The plainest listener: it parses every frame and looks for a COBROWSE dialog. It does nothing with what it finds. */
const socket = new WebSocket(process.env.URL, { perMessageDeflate: false });
let found = 0;

socket.on('open', () =>
  socket.send(JSON.stringify({ kind: 'req', id: '1', type: '.ams.aam.SubscribeExConversations', body: { convState: ['OPEN'] } })),
);
socket.on('message', (/** @type {Buffer} */ data) => {
  const { body } = JSON.parse(data.toString('utf8'));
  for (const { result } of body.changes ?? []) {
    if (result.conversationDetails.dialogs?.some(({ channelType }) => channelType === 'COBROWSE')) found++;
  }
});
process.on('SIGTERM', () => {
  console.log(`${found} frames concerned cobrowsing.`);
  process.exit(0);
});
