import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: 'Diese Seite teilen?',
  anAgent: 'Ein Mitarbeiter',
  askShared: '{agent} möchte diese Seite sehen und darauf mit Ihnen klicken und schreiben.',
  askView: '{agent} möchte diese Seite sehen und mit Ihnen darin blättern.',
  askFollow: '{agent} möchte diese Seite sehen. Klicken, schreiben und blättern können nur Sie.',
  stopAnyTime: 'Sie können das jederzeit beenden.',
  accept: 'Annehmen',
  decline: 'Ablehnen',
  left: 'Noch {time}',
  secondsLeft: 'Noch {seconds} Sekunden zum Antworten.',
  connecting: 'Verbinden …',
  expired: 'Die Einladung ist abgelaufen.',
  noLongerOpen: 'Die Einladung gilt nicht mehr.',
  acceptedElsewhere: 'Sie haben schon in einem anderen Tab angenommen.',
  failed: 'Das hat nicht geklappt. Bitte noch einmal versuchen.',
  sharingHere: 'Sie teilen diese Seite',
  sharing: 'Seite wird geteilt',
  end: 'Beenden',
  ended: 'Die Seite wird nicht mehr geteilt.',
};
