/** The answer of `GET /api/extensions/v1/list`. */
import { isObject } from '@callboard/model';
import { listFrom } from '../../api/answer.ts';
import { toProblem, type ExtensionProblem } from './problem.ts';

export interface ListedExtension {
  readonly file: string;
  /** Null, with `url`, while the file cannot be compiled. */
  readonly compiled: { readonly hash: string; readonly url: string } | null;
  /** Modules of the host that it imports. */
  readonly needs: readonly string[];
  /** Fields that it registers, as far as its source tells. */
  readonly names: readonly string[];
  readonly errors: readonly ExtensionProblem[];
}

/** Code comes from this portal and nowhere else, whatever the answer says. */
const MODULE_PATH = /^\/api\/extensions\/v1\/modules\/[\w-]+\.js$/;

/** Rejects with an ApiError of status 502 when it is no list. What is no extension is left out. */
export function parseList(answer: unknown): readonly ListedExtension[] {
  return listFrom(answer, 'extensions').flatMap((item) => {
    if (!isObject(item) || typeof item['file'] !== 'string') return [];
    const { file, hash, url } = item;
    const isGood = typeof hash === 'string' && typeof url === 'string' && MODULE_PATH.test(url);
    return [
      {
        file,
        compiled: isGood ? { hash, url } : null,
        needs: textsIn(item['needs']),
        names: textsIn(item['names']),
        errors: (Array.isArray(item['errors']) ? item['errors'] : []).map((error) => toProblem(error, file)),
      },
    ];
  });
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
