import pg from 'pg';
import { startEmbeddedPostgres } from '../../../dist/libs/store/src/embedded/embedded-postgres.js';
import { envelopeOf, readInvitation } from './envelope.mjs';
import { GroupedCommits } from './grouped-commits.mjs';
import { isSigned } from './is-signed.mjs';
import { serve } from './relay.mjs';

/**
 * What durability costs at the least: signature, a few checks, one durable transition in a grouped commit, then the push. No framework, no
 * lifecycle, no timers, no history.
 */
const postgres = await startEmbeddedPostgres(process.env.DATA_DIR);
const pool = new pg.Pool({ connectionString: postgres.url, max: GroupedCommits.LANES });
const commits = await GroupedCommits.open(pool);

const server = serve(async (raw, request) => {
  if (!isSigned(raw, request.headers['x-liveperson-signature'])) return { status: 401 };
  const invitation = readInvitation(raw);
  if (!isSound(invitation)) return { status: 400 };
  try {
    const isNew = await commits.add(invitation);
    return isNew ? { status: 200, visitorId: invitation.visitorId, text: envelopeOf(invitation) } : { status: 200 };
  } catch {
    return { status: 503 };
  }
});

function isSound({ conversationId, visitorId, dialog }) {
  return [conversationId, visitorId, dialog?.dialogId].every((id) => typeof id === 'string') && dialog.metaData.sessionState === 'INVITED';
}

process.on('SIGTERM', async () => {
  server.closeAllConnections();
  await pool.end();
  await postgres.stop();
  process.exit(0);
});
