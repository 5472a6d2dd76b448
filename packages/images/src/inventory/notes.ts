/** Everything that can be wrong with what an image says of itself, and how the readers of one image collect it. */

import type { Diagnostic, Severity } from '@callboard/model';

/** Code → what it means. */
export const INVENTORY_CODES = {
  'images/inventory-unreadable':
    'A file of a package database cannot be read as what it should be; nothing of it was taken.',
  'images/inventory-broken':
    'A part of a package database is broken: an error where a package was left out, else a warning.',
  'images/inventory-bad-version':
    'A package has a version that its format does not know; it is taken as it is.',
  'images/inventory-duplicate':
    'A database lists a package of one architecture and version twice; the last one counts.',
  'images/inventory-half-installed': 'A package is not wholly installed, or has to be installed again.',
  'images/inventory-several': 'The image has more than one package database; only one is read.',
  'images/inventory-no-distro': 'The image does not say which distribution it is.',
  'images/inventory-os-release':
    'A line or a value of os-release is not as os-release(5) says, and was left out.',
  'images/inventory-too-much': 'There is more than is taken; the rest was left out.',
} as const;

export type InventoryCode = keyof typeof INVENTORY_CODES;

/** Where and what; the line is 1-based. */
export interface Note {
  readonly code: InventoryCode;
  readonly severity: Severity;
  readonly summary: string;
  readonly file: string;
  readonly line?: number;
}

export interface Notes {
  add(note: Note): void;
  readonly all: readonly Diagnostic[];
}

/** An image can be wrong on every line: so many are told, then one more that says so. */
const MOST = 200;

export function createNotes(): Notes {
  const all: Diagnostic[] = [];
  return {
    all,
    add(note) {
      if (all.length < MOST) all.push(note);
      if (all.length !== MOST) return;
      const summary = `There are more than ${MOST} problems; the others are not listed.`;
      all.push({ severity: 'warning', code: 'images/inventory-too-much', summary, file: note.file });
    },
  };
}

/** Somebody's text as it may stand in a sentence: one line, visible ASCII, at most 60 characters. */
export function quoted(text: string): string {
  const visible = text.slice(0, 60).replace(/[^ -~]/g, '?');
  return `«${visible}${text.length > 60 ? '…' : ''}»`;
}
