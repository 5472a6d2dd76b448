/** The `backend.*` keys that the kernel itself follows: where to listen, which database, how to log, CORS and CSP. */
import { resolve } from 'node:path';
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import type { ConfigSchema } from './config/index.ts';
import type { DatabaseSettings } from './db/open.ts';
import type { LogLevel } from './log/log.ts';

export interface BackendSettings {
  /** Default: 127.0.0.1, so that nobody else reaches it until told otherwise. */
  readonly host: string;
  /** Default: 7007. */
  readonly port: number;
  /** Where browsers reach the portal. Default: http://localhost:<port>. */
  readonly baseUrl: string;
  readonly database: DatabaseSettings;
  readonly logLevel: LogLevel;
  readonly corsOrigins: readonly string[];
  readonly csp: Readonly<Record<string, readonly string[] | false>>;
}

/** What this needs of a configuration. */
export interface BackendConfigReader {
  getOptional(key: string): unknown;
}

const DEFAULT_PORT = 7007;
const DEFAULT_DATABASE = 'data/callboard.sqlite';
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** `cwd`: what a relative database path is relative to. */
export function parseBackendConfig(
  reader: BackendConfigReader,
  { cwd }: { cwd: string },
): { readonly settings: BackendSettings; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { host, port } = parseListen(reader.getOptional('backend.listen'), diagnostics);
  const baseUrl = reader.getOptional('backend.baseUrl');
  const level = reader.getOptional('backend.logger.level');
  const origins: unknown[] = [reader.getOptional('backend.cors.origin')].flat();
  return {
    settings: {
      host,
      port,
      baseUrl: typeof baseUrl === 'string' ? baseUrl.replace(/\/$/, '') : `http://localhost:${port}`,
      database: parseDatabase(reader, { cwd, diagnostics }),
      logLevel: LEVELS.find((known) => known === level) ?? 'info',
      corsOrigins: origins.filter((origin) => typeof origin === 'string'),
      csp: parseCsp(reader.getOptional('backend.csp')),
    },
    diagnostics,
  };
}

/** `:7007`, `host:7007`, 7007 or `{ host, port }`. */
function parseListen(value: unknown, diagnostics: Diagnostic[]): { host: string; port: number } {
  const usual = { host: '127.0.0.1', port: DEFAULT_PORT };
  if (value === undefined) return usual;
  const written = isObject(value) ? value : splitAddress(value);
  const host = written['host'] ?? usual.host;
  const port = Number(written['port'] ?? usual.port);
  const wrong = (what: string): void => {
    diagnostics.push({
      severity: 'error',
      code: 'kernel/listen',
      summary: `backend.listen ${what}`,
      detail: "Write a port, ':7007' for all interfaces, 'localhost:7007', or host and port as an object.",
      path: 'backend.listen',
    });
  };
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    wrong(`has no port between 0 and 65535`);
    return usual;
  }
  if (typeof host !== 'string' || host === '') {
    wrong('has a host that is not a text');
    return usual;
  }
  return { host, port };
}

/** `:7007` means all interfaces, as in Backstage. */
function splitAddress(value: unknown): Record<string, unknown> {
  const text = String(value);
  const colon = text.lastIndexOf(':');
  if (colon === -1) return /^\d+$/.test(text) ? { port: text } : { host: text };
  const host = text.slice(0, colon);
  return { host: host === '' ? '0.0.0.0' : host.replace(/^\[|\]$/g, ''), port: text.slice(colon + 1) };
}

function parseDatabase(
  reader: BackendConfigReader,
  { cwd, diagnostics }: { cwd: string; diagnostics: Diagnostic[] },
): DatabaseSettings {
  const client = reader.getOptional('backend.database.client') ?? 'better-sqlite3';
  if (client !== 'better-sqlite3' && client !== 'sqlite3') {
    diagnostics.push({
      severity: 'error',
      code: 'kernel/database-client',
      summary: `backend.database.client ${JSON.stringify(client)} is not supported`,
      detail: 'This version keeps its data in SQLite: write better-sqlite3, or remove backend.database.',
      path: 'backend.database.client',
    });
  }
  return { client: 'sqlite', file: sqliteFile(reader.getOptional('backend.database.connection'), cwd) };
}

/** `:memory:`, a file name, `{ filename }` or `{ directory }`. */
function sqliteFile(connection: unknown, cwd: string): string {
  if (connection === ':memory:') return ':memory:';
  if (typeof connection === 'string' && connection !== '') return resolve(cwd, connection);
  if (!isObject(connection)) return resolve(cwd, DEFAULT_DATABASE);
  const { filename, directory } = connection;
  if (filename === ':memory:') return ':memory:';
  if (typeof filename === 'string') return resolve(cwd, filename);
  return typeof directory === 'string'
    ? resolve(cwd, directory, 'callboard.sqlite')
    : resolve(cwd, DEFAULT_DATABASE);
}

function parseCsp(value: unknown): Record<string, readonly string[] | false> {
  const csp: Record<string, readonly string[] | false> = {};
  for (const [name, sources] of Object.entries(isObject(value) ? value : {})) {
    if (sources === false) csp[name] = false;
    else if (Array.isArray(sources)) csp[name] = sources.map(String);
  }
  return csp;
}

const text: JsonObject = { type: 'string' };
const textOrList: JsonObject = { anyOf: [text, { type: 'array', items: text }] };
const portSchema: JsonObject = { type: ['string', 'number'] };

/** The keys that the kernel follows, for the configuration to be checked against. */
export const backendConfigSchema: ConfigSchema = {
  id: 'backend',
  schema: {
    type: 'object',
    properties: {
      app: {
        type: 'object',
        properties: {
          title: { type: 'string', visibility: 'frontend' },
          baseUrl: { type: 'string', visibility: 'frontend' },
        },
      },
      organization: {
        type: 'object',
        properties: { name: { type: 'string', visibility: 'frontend' } },
      },
      backend: {
        type: 'object',
        properties: {
          baseUrl: { type: 'string', visibility: 'frontend' },
          listen: {
            anyOf: [
              text,
              { type: 'number' },
              { type: 'object', properties: { host: text, port: portSchema } },
            ],
          },
          database: {
            type: 'object',
            properties: {
              client: text,
              connection: { anyOf: [text, { type: 'object' }], visibility: 'secret' },
            },
          },
          cors: { type: 'object', properties: { origin: textOrList } },
          csp: { type: 'object' },
          logger: {
            type: 'object',
            properties: { level: { type: 'string', enum: [...LEVELS] } },
          },
          reading: {
            type: 'object',
            properties: {
              allow: {
                type: 'array',
                description: 'Hosts that URLs may be read from.',
                items: {
                  type: 'object',
                  required: ['host'],
                  properties: {
                    host: text,
                    paths: { type: 'array', items: text },
                    allowPrivate: { type: 'boolean' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
