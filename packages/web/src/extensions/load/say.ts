/** Shows for a few seconds what an extension has to say (`alertApiRef`), and says it to screen readers. */

const SHOWN_FOR_MS = 6_000;

let line: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The newest message stands in place of the one before. */
export function say({ text }: { readonly text: string }): void {
  line ??= createLine();
  line.replaceChildren();
  const words = document.createElement('bdi');
  words.textContent = text;
  line.append(words);
  clearTimeout(timer);
  timer = setTimeout(() => line?.replaceChildren(), SHOWN_FOR_MS);
}

function createLine(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'cb-said-line';
  made.setAttribute('role', 'status');
  document.body.append(made);
  return made;
}
