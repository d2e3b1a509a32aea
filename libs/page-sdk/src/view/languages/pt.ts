import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: 'Compartilhar esta página?',
  anAgent: 'Um atendente',
  askShared: '{agent} quer ver esta página e clicar e digitar nela com você.',
  askView: '{agent} quer ver esta página e rolá-la com você.',
  askFollow: '{agent} quer ver esta página. Só você pode clicar, digitar e rolar.',
  stopAnyTime: 'Você pode parar quando quiser.',
  accept: 'Aceitar',
  decline: 'Recusar',
  left: 'Restam {time}',
  secondsLeft: 'Restam {seconds} segundos para responder.',
  connecting: 'Conectando…',
  expired: 'O convite expirou.',
  noLongerOpen: 'O convite não está mais disponível.',
  acceptedElsewhere: 'Você já aceitou em outra aba.',
  failed: 'Não funcionou. Tente novamente.',
  sharingHere: 'Você está compartilhando esta página',
  sharing: 'Página compartilhada',
  end: 'Encerrar',
  ended: 'A página não está mais sendo compartilhada.',
};
