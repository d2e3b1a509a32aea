import type { Texts } from '../texts.ts';

export const de: Texts = {
  title: 'Diese Seite teilen?',
  anAgent: 'Ein Mitarbeiter',
  asks: {
    shared: (agent) => `${agent} möchte diese Seite sehen und darauf mit Ihnen klicken und schreiben.`,
    view: (agent) => `${agent} möchte diese Seite sehen und mit Ihnen darin blättern.`,
    follow: (agent) => `${agent} möchte diese Seite sehen. Klicken, schreiben und blättern können nur Sie.`,
  },
  stopAnyTime: 'Sie können das jederzeit beenden.',
  accept: 'Annehmen',
  decline: 'Ablehnen',
  left: (time) => `Noch ${time}`,
  secondsLeft: (seconds) => `Noch ${seconds} Sekunden zum Antworten.`,
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
