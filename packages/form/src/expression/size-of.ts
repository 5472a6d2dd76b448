/** How much a value is: its characters, keys and values. */

/**
 * Parts that are held several times count each time, as when they are written out, but are looked at once: `measured`
 * keeps the sizes of what does not change any more. Ends at things that hold themselves.
 */
export function sizeOf(value: unknown, measured: WeakMap<object, number>): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const known = measured.get(value);
  if (known !== undefined) return known;
  measured.set(value, 1);
  let size = 1;
  if (!isFunction(value)) {
    for (const [key, part] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      size += sizeOf(part, measured) + (typeof key === 'string' ? key.length : 0);
    }
  }
  measured.set(value, size);
  return size;
}

/** JSONata's functions hold its whole world. */
function isFunction(value: object): boolean {
  return Reflect.get(value, '_jsonata_lambda') === true || Reflect.get(value, '_jsonata_function') === true;
}
