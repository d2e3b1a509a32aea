import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: '¿Compartir esta página?',
  anAgent: 'Un agente',
  askShared: '{agent} quiere ver esta página y hacer clic y escribir en ella con usted.',
  askView: '{agent} quiere ver esta página y desplazarse por ella con usted.',
  askFollow: '{agent} quiere ver esta página. Solo usted puede hacer clic, escribir y desplazarse.',
  stopAnyTime: 'Puede terminar cuando quiera.',
  accept: 'Aceptar',
  decline: 'Rechazar',
  left: 'Quedan {time}',
  secondsLeft: 'Quedan {seconds} segundos para responder.',
  connecting: 'Conectando…',
  expired: 'La invitación ha caducado.',
  noLongerOpen: 'La invitación ya no está disponible.',
  acceptedElsewhere: 'Ya ha aceptado en otra pestaña.',
  failed: 'No ha funcionado. Inténtelo de nuevo.',
  sharingHere: 'Está compartiendo esta página',
  sharing: 'Página compartida',
  end: 'Terminar',
  ended: 'La página ya no se comparte.',
};
