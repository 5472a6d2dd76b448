/** The door of the configuration folder: load, read, watch, check, print. */
export { checkConfig } from './check.ts';
export { CONFIG_CODES } from './codes.ts';
export { Config, configFrom } from './config.ts';
export { type Environment } from './environment.ts';
export { loadConfig, type LoadedConfig, type LoadOptions } from './load.ts';
export { frontendConfig, printConfig, secretValues } from './print.ts';
export { type ConfigSchema } from './schema.ts';
export { watchConfig } from './watch.ts';
