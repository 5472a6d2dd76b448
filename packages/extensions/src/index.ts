/** The door of extensions: code of one's own for the browser, compiled on the server and loaded at run time. */
export { extensionsConfigSchema, parseExtensionsConfig, type ExtensionsSettings } from './config.ts';
export { createExtensions, type Extensions } from './extensions.ts';
export { extensionsRoutes } from './routes.ts';
