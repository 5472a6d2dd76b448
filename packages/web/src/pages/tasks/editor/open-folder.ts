/**
 * Reads a folder of this computer: by the File System Access API, which can save as well, or as a list of files that an
 * `<input webkitdirectory>` gives.
 */
import { textOfBytes, toBase64 } from './base64.ts';
import { findTemplate, type Project, type ProjectFile } from './project.ts';

/** A dry-run takes ten megabytes, of which base64 makes a third more. */
const MOST_BYTES = 7_000_000;
const MOST_FILES = 2_000;
const LEFT_OUT = new Set(['.git', 'node_modules', '.DS_Store']);

declare global {
  interface Window {
    /** Of Chromium; other browsers do not have it. */
    readonly showDirectoryPicker?: (options: {
      readonly mode: 'readwrite';
    }) => Promise<FileSystemDirectoryHandle>;
  }
  interface FileSystemDirectoryHandle {
    values(): AsyncIterableIterator<FileSystemDirectoryHandle | FileSystemFileHandle>;
  }
}

export type OpenedFolder =
  | { readonly kind: 'opened'; readonly project: Project }
  | { readonly kind: 'no-template'; readonly name: string };

export function canPickFolder(): boolean {
  return window.showDirectoryPicker !== undefined;
}

/** Null when the person chose none. */
export async function pickFolder(): Promise<OpenedFolder | null> {
  try {
    const folder = await window.showDirectoryPicker?.({ mode: 'readwrite' });
    if (folder === undefined) return null;
    const reading = createReading();
    await readHandles(folder, '', reading);
    return toOpened(folder.name, reading);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}

/** `files`: of an `<input webkitdirectory>`. Null when the person chose none. */
export async function readFileList(files: readonly File[]): Promise<OpenedFolder | null> {
  const [first] = files;
  if (first === undefined) return null;
  const reading = createReading();
  for (const file of files) {
    const path = file.webkitRelativePath.split('/').slice(1);
    if (path.some((part) => LEFT_OUT.has(part))) reading.leftOut += 1;
    else await addFile({ file, path: path.join('/'), handle: null }, reading);
  }
  return toOpened(first.webkitRelativePath.split('/')[0] ?? '', reading);
}

interface Reading {
  readonly files: ProjectFile[];
  bytes: number;
  leftOut: number;
}

function createReading(): Reading {
  return { files: [], bytes: 0, leftOut: 0 };
}

async function readHandles(folder: FileSystemDirectoryHandle, path: string, reading: Reading): Promise<void> {
  for await (const handle of folder.values()) {
    if (LEFT_OUT.has(handle.name)) {
      reading.leftOut += 1;
      continue;
    }
    const inner = path === '' ? handle.name : `${path}/${handle.name}`;
    if (handle instanceof FileSystemDirectoryHandle) await readHandles(handle, inner, reading);
    else await addFile({ file: await handle.getFile(), path: inner, handle }, reading);
  }
}

interface Found {
  readonly file: File;
  readonly path: string;
  readonly handle: FileSystemFileHandle | null;
}

async function addFile({ file, path, handle }: Found, reading: Reading): Promise<void> {
  if (reading.files.length >= MOST_FILES || reading.bytes + file.size > MOST_BYTES) {
    reading.leftOut += 1;
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = textOfBytes(bytes);
  reading.bytes += bytes.length;
  reading.files.push({
    path,
    text,
    base64: text === null ? toBase64(bytes) : null,
    handle,
    isChanged: false,
  });
}

function toOpened(name: string, { files, leftOut }: Reading): OpenedFolder {
  const templatePath = findTemplate(files);
  if (templatePath === null) return { kind: 'no-template', name };
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: 'opened', project: { name, templatePath, files: sorted, leftOut } };
}

/** Writes the text to where the file came from. */
export async function saveFile(handle: FileSystemFileHandle, text: string): Promise<void> {
  const writable = await handle.createWritable();
  await writable.write(text);
  await writable.close();
}
