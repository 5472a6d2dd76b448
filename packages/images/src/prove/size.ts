/** Whether a patch is small enough to be carried around: compressed, as it is pulled. */
import type { Image } from '../image/image.ts';

export interface SizeBudget {
  /** Bytes that the image may grow by, compressed. */
  readonly bytes: number;
  /** What it may grow by in parts of what it was, as 1 for twice the size. */
  readonly ratio: number;
}

/** 512 MiB, and no more than the image was. */
export const DEFAULT_BUDGET: SizeBudget = { bytes: 512 * 1024 * 1024, ratio: 1 };

/** Bytes of all layers, compressed. */
export function sizeOf(image: Image): number {
  return image.manifest.layers.reduce((sum, { size }) => sum + size, 0);
}

export function overBudget(base: Image, patched: Image, budget: SizeBudget): readonly string[] {
  const [before, after] = [sizeOf(base), sizeOf(patched)];
  const allowed = Math.min(budget.bytes, before * budget.ratio);
  if (after - before <= allowed) return [];
  return [`it grew by ${after - before} bytes, from ${before}; ${Math.floor(allowed)} are allowed`];
}
