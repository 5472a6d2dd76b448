/** Makes a file of entities page by page, and hands it to the browser as a download. */
import type { FileWriter } from './export-format.ts';
import type { EntityPage } from './read-rows.ts';

/** Entities that are turned into text before the page may react again: YAML takes its time. */
const ENTITIES_AT_ONCE = 100;
/** A download has begun long before this, in milliseconds; then its memory is given back. */
const KEPT_MS = 60_000;

export interface WrittenFile {
  readonly blob: Blob;
  readonly entities: number;
}

/** Pieces become parts of the file at once, so that a long file is never one string. Rejects when the signal is aborted. */
export async function writeFile(
  pages: AsyncIterable<EntityPage>,
  options: {
    readonly writer: FileWriter;
    readonly signal: AbortSignal;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<WrittenFile> {
  const { writer, signal, onProgress } = options;
  const { type } = writer;
  const parts: Blob[] = [new Blob([writer.start])];
  let done = 0;
  for await (const { entities, total } of pages) {
    for (let start = 0; start < entities.length; start += ENTITIES_AT_ONCE) {
      signal.throwIfAborted();
      const texts: string[] = [];
      for (const entity of entities.slice(start, start + ENTITIES_AT_ONCE)) {
        texts.push(writer.entity(entity, done === 0));
        done += 1;
      }
      parts.push(new Blob(texts));
      onProgress(done, Math.max(done, total));
      await nextTask();
    }
  }
  parts.push(new Blob([writer.end]));
  return { blob: new Blob(parts, { type }), entities: done };
}

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** `catalog-2026-01-31.csv`, with the day in the person's own time. */
export function fileName(format: string, day: Date): string {
  const [year, month, date] = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `catalog-${year}-${month}-${date}.${format}`;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
