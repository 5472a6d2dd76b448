/** Gives the person a text as a file. */

export interface Download {
  /** The name of the file; what is not safe in one is replaced. */
  readonly name: string;
  /** As `application/yaml`. */
  readonly type: string;
  readonly text: string;
}

export function downloadText({ name, type, text }: Download): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(name);
  link.click();
  // The browser has taken the address over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Letters, digits, dots, dashes and underscores. */
export function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '-').replace(/^[-.]+/, '');
}
