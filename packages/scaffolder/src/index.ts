/** The door of software templates. What runs them is loaded when it is first needed; see also `authoring.ts`. */
export { urlTreesOf, type UrlTrees } from './actions/fetch/url-trees.ts';
export type { CatalogPort } from './catalog-port.ts';
export type { Engine } from './engine.ts';
export { createRequester } from './form/sources/requester.ts';
export type { Who } from './routes/deps.ts';
export { scaffolderRoutes } from './routes/routes.ts';
export { createScaffolder, scaffolderMigrations, type Scaffolder } from './scaffolder.ts';
export type { ScaffolderSettings } from './settings.ts';
export { parseTemplate } from './template/parse-template.ts';
