/** The entities that a person starred, in Backstage's bucket and key, so that both portals show the same. */
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { useSetting, type Setting } from './use-setting.ts';

export interface Starred {
  /** Full references in lower case, in the order in which they were starred. */
  readonly refs: readonly string[];
  readonly isKnown: boolean;
  readonly has: (ref: EntityRef) => boolean;
  readonly toggle: (ref: EntityRef) => void;
  readonly set: (refs: readonly EntityRef[], starred: boolean) => void;
}

const STARRED: Setting<readonly string[]> = {
  bucket: 'starredEntities',
  key: 'entityRefs',
  parse: parseStarred,
};

export function useStarred(): Starred {
  const { value: refs, isKnown, change } = useSetting(STARRED);
  const set = (changed: readonly EntityRef[], starred: boolean): void => {
    const keys = changed.map(stringifyRef);
    change((before) => {
      const others = before.filter((ref) => !keys.includes(ref));
      return starred ? [...others, ...keys] : others;
    });
  };
  return {
    refs,
    isKnown,
    has: (ref) => refs.includes(stringifyRef(ref)),
    toggle: (ref) => set([ref], !refs.includes(stringifyRef(ref))),
    set,
  };
}

/** What is no reference is left out; the same one counts once. */
function parseStarred(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const refs = value.flatMap((item) => {
    const ref = typeof item === 'string' ? parseRef(item) : null;
    return ref === null ? [] : [stringifyRef(ref)];
  });
  return [...new Set(refs)];
}
