/** The portal itself: Backstage's devtools API, and what Callboard adds to it under `callboard`. */
import { objectFrom } from './answer.ts';
import type { Client } from './client.ts';
import { dateIn, listIn, numberIn, objectIn, textIn } from './entity.ts';

export interface PortalInfo {
  readonly version: string | null;
  readonly nodeVersion: string | null;
  readonly operatingSystem: string | null;
  readonly startedAt: Date | null;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly databaseClient: string | null;
  /** Null when the database does not say. */
  readonly databaseBytes: number | null;
  readonly requests: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly routes: readonly RouteFigures[];
  readonly recent: readonly FailedRequest[];
}

export interface RouteFigures {
  readonly method: string;
  readonly route: string;
  readonly count: number;
  readonly errors: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

export interface FailedRequest {
  readonly at: Date | null;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly code: string | null;
  readonly message: string | null;
}

export async function readInfo(client: Client, signal: AbortSignal): Promise<PortalInfo> {
  return toInfo(await client({ path: '/api/devtools/info', signal }));
}

function toInfo(answer: unknown): PortalInfo {
  const own = objectFrom(answer, 'callboard');
  const memory = objectIn(own, 'memory');
  const database = objectIn(own, 'database');
  const http = objectIn(own, 'http');
  return {
    version: textIn(own, 'version'),
    nodeVersion: textIn(answer, 'nodeJsVersion'),
    operatingSystem: textIn(answer, 'operatingSystem'),
    startedAt: dateIn(own, 'startedAt'),
    rssBytes: numberIn(memory, 'rssBytes'),
    heapUsedBytes: numberIn(memory, 'heapUsedBytes'),
    databaseClient: textIn(database, 'client'),
    databaseBytes: numberIn(database, 'sizeBytes') || null,
    requests: numberIn(http, 'requests'),
    clientErrors: numberIn(http, 'clientErrors'),
    serverErrors: numberIn(http, 'serverErrors'),
    routes: listIn(http, 'routes').map((route) => ({
      method: textIn(route, 'method') ?? '',
      route: textIn(route, 'route') ?? '',
      count: numberIn(route, 'count'),
      errors: numberIn(route, 'errors'),
      meanMs: numberIn(route, 'meanMs'),
      maxMs: numberIn(route, 'maxMs'),
    })),
    recent: listIn(http, 'recent').map((failed) => ({
      at: dateIn(failed, 'at'),
      method: textIn(failed, 'method') ?? '',
      route: textIn(failed, 'route') ?? '',
      status: numberIn(failed, 'status'),
      code: textIn(failed, 'code'),
      message: textIn(failed, 'message'),
    })),
  };
}

/** The configuration in force, its secrets masked by the server. */
export async function readConfiguration(
  client: Client,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  return objectFrom(await client({ path: '/api/devtools/config', signal }), 'config');
}
