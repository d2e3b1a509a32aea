import { contain } from '../boot/contain.ts';

type Attributes = Record<string, string>;

/** An element made without markup, so that no Trusted Types policy is asked. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Listens without ever throwing into the page. */
export function listen<Name extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  name: Name,
  handler: (event: HTMLElementEventMap[Name]) => void,
): void {
  target.addEventListener(name, contain(handler));
}

/** A 24 by 24 line drawing, for the eye only. */
export function icon(...paths: string[]): SVGSVGElement {
  const drawing = svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' });
  drawing.append(...paths.map((d) => svg('path', { d })));
  return drawing;
}

function svg<Tag extends 'svg' | 'path'>(tag: Tag, attributes: Attributes): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
