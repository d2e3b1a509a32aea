import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: 'Share this page?',
  anAgent: 'An agent',
  askShared: '{agent} would like to see this page and to click and type on it with you.',
  askView: '{agent} would like to see this page and to scroll it with you.',
  askFollow: '{agent} would like to see this page. Only you can click, type and scroll.',
  stopAnyTime: 'You can stop at any time.',
  accept: 'Accept',
  decline: 'Decline',
  left: '{time} left',
  secondsLeft: '{seconds} seconds left to answer.',
  connecting: 'Connecting…',
  expired: 'The invitation has expired.',
  noLongerOpen: 'The invitation is no longer open.',
  acceptedElsewhere: 'You have already accepted in another tab.',
  failed: 'That did not work. Please try again.',
  sharingHere: 'You are sharing this page',
  sharing: 'Page sharing is on',
  end: 'End',
  ended: 'Page sharing has ended.',
};
