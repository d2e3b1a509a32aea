import { envelopeOf, readInvitation } from './envelope.mjs';
import { serve } from './relay.mjs';

/** The plainest possible: parse, push. It checks nothing and remembers nothing. */
serve((raw) => {
  const invitation = readInvitation(raw);
  return { status: 200, visitorId: invitation.visitorId, text: envelopeOf(invitation) };
});
process.on('SIGTERM', () => process.exit(0));
