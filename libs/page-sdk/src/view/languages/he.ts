import type { Texts } from '../texts.ts';

export const he: Texts = {
  title: 'לשתף את הדף הזה?',
  anAgent: 'נציג שירות',
  asks: {
    shared: (agent) => `בקשה מאת ${agent}: לראות את הדף הזה וללחוץ ולהקליד בו יחד איתך.`,
    view: (agent) => `בקשה מאת ${agent}: לראות את הדף הזה ולגלול בו יחד איתך.`,
    follow: (agent) => `בקשה מאת ${agent}: לראות את הדף הזה, בלי ללחוץ, להקליד או לגלול.`,
  },
  stopAnyTime: 'אפשר להפסיק בכל רגע.',
  accept: 'אישור',
  decline: 'דחייה',
  left: (time) => `נותרו ${time}`,
  secondsLeft: (seconds) => `נותרו ${seconds} שניות לתשובה.`,
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
