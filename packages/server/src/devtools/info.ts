/** `GET /info`: the machine, the process, and what it has answered. */
import { stat } from 'node:fs/promises';
import { arch, freemem, hostname, loadavg, platform, release, totalmem, type } from 'node:os';
import type { DatabaseSettings, TrafficFigures } from '@callboard/kernel';
import { installedPackages, ownVersion, type InstalledPackage } from './packages.ts';

/** Backstage's fields, and ours beside them. */
export interface DevtoolsInfo {
  readonly operatingSystem: string;
  readonly resourceUtilization: string;
  readonly nodeJsVersion: string;
  /** `N/A`: no Backstage is installed. */
  readonly backstageVersion: string;
  readonly dependencies: readonly InstalledPackage[];
  readonly callboard: {
    readonly version: string;
    /** ISO 8601. */
    readonly startedAt: string;
    readonly uptimeSeconds: number;
    readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number };
    readonly database: {
      readonly client: string;
      /** Null for a database that is not a file. */
      readonly sizeBytes: number | null;
    };
    readonly http: TrafficFigures;
  };
}

export interface InfoDeps {
  readonly database: DatabaseSettings;
  readonly traffic: { figures(): TrafficFigures };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly now: () => number;
}

export async function readInfo({ database, traffic, startedAt, now }: InfoDeps): Promise<DevtoolsInfo> {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    operatingSystem: `${hostname()}: ${type()} ${release()} - ${platform()}/${arch()}`,
    resourceUtilization: utilization(),
    nodeJsVersion: process.version,
    backstageVersion: 'N/A',
    dependencies: installedPackages(),
    callboard: {
      version: ownVersion(),
      startedAt: new Date(startedAt).toISOString(),
      uptimeSeconds: Math.max(0, Math.round((now() - startedAt) / 1_000)),
      memory: { rssBytes: rss, heapUsedBytes: heapUsed },
      database: { client: database.client, sizeBytes: await sizeOf(database.file) },
      http: traffic.figures(),
    },
  };
}

const MEGABYTE = 1024 * 1024;

function utilization(): string {
  const used = Math.floor((totalmem() - freemem()) / MEGABYTE);
  const load = loadavg().map((average) => average.toFixed(2));
  return `Memory: ${used}/${Math.floor(totalmem() / MEGABYTE)}MB - Load: ${load.join('/')}`;
}

/** What is not yet in the file itself is beside it. */
async function sizeOf(file: string): Promise<number | null> {
  if (file === ':memory:') return null;
  const sizes = await Promise.all([file, `${file}-wal`].map(fileSize));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fileSize(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}
