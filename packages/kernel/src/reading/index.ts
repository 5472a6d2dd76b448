/** The door of the reading folder: URLs of files, read through an allow-list. */
export { type Address } from './addresses.ts';
export { type AllowEntry } from './allow.ts';
export { READING_CODES, type ReadingCode } from './codes.ts';
export { parseReadingConfig, type ReadingConfig, type ReadingConfigSource } from './config.ts';
export { createForgeUrls, type ForgeUrls } from './forge-urls.ts';
export { toRawRequest, type RawRequest } from './forges.ts';
export { type Credential, type Integration, type IntegrationType } from './integration.ts';
export { type ReadResult } from './outcome.ts';
export { createUrlReader, type ReadOptions, type UrlReader, type UrlReaderOptions } from './url-reader.ts';
