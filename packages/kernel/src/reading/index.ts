/** The door of the reading folder: URLs of files, read through an allow-list. */
export { isPublicAddress, literalAddress } from './addresses.ts';
export { READING_CODES } from './codes.ts';
export { parseReadingConfig, type ReadingConfig } from './config.ts';
export { createUrlReader, type UrlReader, type UrlReaderOptions } from './url-reader.ts';
export type { TreeEntry } from './tree.ts';
