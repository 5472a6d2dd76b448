/** Tars for tests, written of headers and texts with the writer of the engines. */
import { readTar } from './read-tar.ts';
import { padding, TAR_END, writeHeader, type TarHeader } from './tar.ts';

export interface EntryDraft extends Partial<Omit<TarHeader, 'path' | 'size'>> {
  readonly path: string;
  readonly content?: string | Buffer;
}

export function headerOf(draft: EntryDraft): TarHeader {
  const { content = '', ...given } = draft;
  const plain = { kind: 'file', uid: 0, gid: 0, mtime: 1_600_000_000, link: '', major: 0, minor: 0 } as const;
  const mode = given.kind === 'folder' ? 0o755 : 0o644;
  return { ...plain, mode, xattrs: new Map(), ...given, size: Buffer.byteLength(content) };
}

/** A layer as a tar, just as the drafts say, hostile or not. */
export function tarOf(drafts: readonly EntryDraft[]): Buffer {
  const parts: Buffer[] = [];
  for (const draft of drafts) {
    const content = Buffer.from(draft.content ?? '');
    parts.push(writeHeader(headerOf(draft)), content, Buffer.alloc(padding(content.length)));
  }
  return Buffer.concat([...parts, TAR_END]);
}

/** Bytes as a stream of one chunk. */
export async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** A line for each entry: kind, path, mode, link, content, attributes. */
export async function linesOf(tar: AsyncIterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { header, content } of readTar(tar)) {
    let text = '';
    for await (const part of content) {
      text += part.toString('latin1');
    }
    const marks = [...header.xattrs].map(([name, value]) => `${name}=${value.toString('latin1')}`);
    const parts = [header.kind, header.path, header.mode.toString(8), header.link, text, ...marks];
    lines.push(parts.filter((part) => part !== '').join(' '));
  }
  return lines;
}
