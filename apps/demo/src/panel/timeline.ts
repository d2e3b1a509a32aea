/** Who told whom: each kind of entry is one arrow. */
export type Kind = 'notification' | 'page' | 'published' | 'callback';

export interface Entry {
  kind: Kind;
  sentence: string;
  /** A second sentence, such as the answer. */
  more?: string;
  trouble?: boolean;
  /** What really went over the wire, by name. */
  wire: Record<string, unknown>;
}

export interface Timeline {
  /** Returns a function that changes the entry later. */
  add(entry: Entry): (change: Partial<Entry>) => void;
}

const ROUTES: Record<Kind, string> = {
  notification: 'LivePerson → Bridge',
  page: 'Bridge → Shop page',
  published: 'Shop page → LivePerson’s tag',
  callback: 'Bridge → Shop’s server',
};

const MOST_ENTRIES = 200;

/** The story as it happens, newest first; each kind can be hidden. */
export function createTimeline(root: HTMLElement, clock: () => Date = () => new Date()): Timeline {
  const list = find(root, '.entries ol', HTMLOListElement);
  const allHidden = find(root, '.all-hidden', HTMLElement);
  const template = find(root, 'template', HTMLTemplateElement);
  const counts = new Map<string, number>();

  for (const chip of root.querySelectorAll<HTMLButtonElement>('[data-kind]')) {
    chip.addEventListener('click', () => {
      const shown = chip.getAttribute('aria-pressed') !== 'true';
      chip.setAttribute('aria-pressed', String(shown));
      list.classList.toggle(`without-${chip.dataset['kind']}`, !shown);
      explain();
    });
  }
  find(root, '.clear', HTMLButtonElement).addEventListener('click', () => {
    list.replaceChildren();
    counts.clear();
    showCounts();
  });

  function showCounts(): void {
    for (const chip of root.querySelectorAll<HTMLElement>('[data-kind]')) {
      find(chip, '.count', HTMLElement).textContent = String(counts.get(chip.dataset['kind'] ?? '') ?? 0);
    }
    root.classList.toggle('empty', list.childElementCount === 0);
    explain();
  }

  /** Says why there is nothing to see, when there is something. */
  function explain(): void {
    const off = [...root.querySelectorAll<HTMLElement>('[data-kind][aria-pressed=false]')].map(({ dataset }) => dataset['kind']);
    const hidden = [...list.children].every((item) => off.includes((item as HTMLElement).dataset['entry']));
    allHidden.textContent = hidden && list.childElementCount > 0 ? 'Everything is hidden. Press a kind above.' : '';
  }

  function fill(item: HTMLElement, { kind, sentence, more, trouble, wire }: Entry): void {
    item.dataset['entry'] = kind;
    item.classList.toggle('trouble', trouble === true);
    find(item, '.route', HTMLElement).textContent = ROUTES[kind];
    find(item, '.sentence', HTMLElement).textContent = sentence;
    find(item, '.more', HTMLElement).textContent = more ?? '';
    const parts = Object.entries(wire).flatMap(([name, value]) => {
      const title = document.createElement('h4');
      title.textContent = name;
      const code = document.createElement('pre');
      code.tabIndex = 0;
      code.textContent = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
      return [title, code];
    });
    find(item, '.wire', HTMLElement).replaceChildren(...parts);
  }

  return {
    add(entry) {
      const item = find(template.content.cloneNode(true) as DocumentFragment, 'li', HTMLLIElement);
      const time = find(item, 'time', HTMLTimeElement);
      const now = clock();
      time.dateTime = now.toISOString();
      time.textContent = `${now.toLocaleTimeString('en-GB')}.${String(now.getMilliseconds()).padStart(3, '0')}`;
      let shown = entry;
      fill(item, shown);
      list.prepend(item);
      list.children[MOST_ENTRIES]?.remove();
      counts.set(entry.kind, (counts.get(entry.kind) ?? 0) + 1);
      showCounts();
      return (change) => {
        shown = { ...shown, ...change };
        fill(item, shown);
      };
    },
  };
}

/** Throws when the page is not as it was written. */
export function find<T extends Element>(root: ParentNode, selector: string, type: abstract new () => T): T {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${selector}.`);
  return found;
}
