/**
 * Answers that cost more to make than to send, kept until the index changes. A request that is asked again is the
 * same object, because its query string was parsed once; so the request itself is the key.
 */
import type { EntityIndex } from '../index/entity-index.ts';

/** Larger answers are made anew; sending them dominates. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** All kept answers together; beyond it they are all forgotten. */
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;

export class AnswerCache {
  readonly #index: EntityIndex;
  #answers = new Map<object, Buffer>();
  #version = -1;
  #bytes = 0;

  constructor(index: EntityIndex) {
    this.#index = index;
  }

  /** The answer to a request, made when it is not known for the present state of the index. */
  answer(request: object, make: () => Buffer): Buffer {
    if (this.#version !== this.#index.version || this.#bytes > MAX_TOTAL_BYTES) this.#forget();
    const known = this.#answers.get(request);
    if (known !== undefined) return known;
    const made = make();
    if (made.length > MAX_ANSWER_BYTES || !Object.isFrozen(request)) return made;
    this.#answers.set(request, made);
    this.#bytes += made.length;
    return made;
  }

  #forget(): void {
    this.#answers = new Map();
    this.#version = this.#index.version;
    this.#bytes = 0;
  }
}
