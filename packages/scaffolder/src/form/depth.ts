/** Nothing here recurses, so that what is nested without end cannot end the stack. */

/** Whether lists and objects lie deeper in each other than `levels`. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let layer: readonly unknown[] = [value];
  for (let level = 0; level <= levels; level += 1) {
    layer = layer.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (layer.length === 0) return false;
  }
  return layer.some((item) => typeof item === 'object' && item !== null);
}
