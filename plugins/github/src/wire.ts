/** Values as they go over the wire: what was not given is left out, so that GitHub's own defaults hold. */

export type Wire<T> = T extends readonly (infer Item)[]
  ? Wire<Item>[]
  : T extends object
    ? { -readonly [K in keyof T as undefined extends T[K] ? never : K]: Wire<T[K]> } & {
        -readonly [K in keyof T as undefined extends T[K] ? K : never]?: Wire<Exclude<T[K], undefined>>;
      }
    : T;

/** A copy as JSON, without members that are undefined. */
export function toWire<T extends object>(values: T): Wire<T> {
  return JSON.parse(JSON.stringify(values));
}
