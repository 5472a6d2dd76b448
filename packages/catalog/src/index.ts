/** The door of the catalog. */
export { createCatalog, type Catalog, type CatalogOptions, type CatalogSettings } from './catalog.ts';
export { catalogConfigSchema, parseCatalogConfig, type ParsedCatalogConfig } from './config.ts';
export type { DeferredEntity, Engine, Mutation } from './ingest/engine.ts';
export { containing } from './index/evaluate.ts';
export type { EntityProvider, ProviderConnection } from './provider.ts';
export type { SourceUrls } from './process/annotate.ts';
export type { EmittedEntity, ProcessContext, Processor } from './process/processor.ts';
export { dryRun } from './dry-run.ts';
export { catalogRoutes } from './routes/routes.ts';
export type { UrlContent, UrlReading } from './source/read-url.ts';
export type { ReadOutcome, ReadRequest, SourceReader } from './source/reader.ts';
export { catalogMigrations } from './store/tables.ts';
export { validateSources, type ValidationResult } from './validate.ts';
