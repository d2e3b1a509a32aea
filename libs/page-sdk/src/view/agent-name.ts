const LONGEST = 60;

/** Breaks, control characters, and marks that would turn the text around the name. What joins letters and emoji stays. */
const UNREADABLE = /[\s\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** An agent's name as the card can show it in a sentence: one line, no longer than 60 characters. Empty when nothing is left of it. */
export function agentName(name = ''): string {
  const characters = name.replace(UNREADABLE, ' ').trim().match(/./gu) ?? [];
  return characters.length > LONGEST
    ? `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trim()}…`
    : characters.join('');
}
