import type { Texts } from '../../types.ts';

export const texts: Texts = {
  title: 'לשתף את הדף הזה?',
  anAgent: 'נציג שירות',
  askShared: 'בקשה מאת {agent}: לראות את הדף הזה וללחוץ ולהקליד בו יחד איתך.',
  askView: 'בקשה מאת {agent}: לראות את הדף הזה ולגלול בו יחד איתך.',
  askFollow: 'בקשה מאת {agent}: לראות את הדף הזה, בלי ללחוץ, להקליד או לגלול.',
  stopAnyTime: 'אפשר להפסיק בכל רגע.',
  accept: 'אישור',
  decline: 'דחייה',
  left: 'נותרו {time}',
  secondsLeft: 'נותרו {seconds} שניות לתשובה.',
  connecting: 'מתחבר…',
  expired: 'תוקף ההזמנה פג.',
  noLongerOpen: 'ההזמנה כבר אינה זמינה.',
  acceptedElsewhere: 'ההזמנה כבר אושרה בלשונית אחרת.',
  failed: 'הפעולה לא הצליחה. נא לנסות שוב.',
  sharingHere: 'הדף הזה משותף כעת',
  sharing: 'שיתוף הדף פעיל',
  end: 'סיום',
  ended: 'שיתוף הדף הסתיים.',
};
