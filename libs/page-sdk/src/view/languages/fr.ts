import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: 'Partager cette page ?',
  anAgent: 'Un conseiller',
  askShared: '{agent} souhaite voir cette page, y cliquer et y écrire avec vous.',
  askView: '{agent} souhaite voir cette page et la faire défiler avec vous.',
  askFollow: '{agent} souhaite voir cette page. Vous seul pouvez cliquer, écrire et faire défiler.',
  stopAnyTime: 'Vous pouvez arrêter à tout moment.',
  accept: 'Accepter',
  decline: 'Refuser',
  left: 'Encore {time}',
  secondsLeft: 'Il reste {seconds} secondes pour répondre.',
  connecting: 'Connexion…',
  expired: "L'invitation a expiré.",
  noLongerOpen: "L'invitation n'est plus valable.",
  acceptedElsewhere: 'Vous avez déjà accepté dans un autre onglet.',
  failed: "Cela n'a pas fonctionné. Veuillez réessayer.",
  sharingHere: 'Vous partagez cette page',
  sharing: 'Page partagée',
  end: 'Arrêter',
  ended: "La page n'est plus partagée.",
};
