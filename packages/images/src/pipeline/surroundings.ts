/** What all steps of the pipeline have in common: what they work with, and what a patch may use and how much of it. */
import type { BuildEngine, BuildLimits } from '../build/engine.ts';
import type { Image } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { PackageManager } from '../inventory/inventory.ts';
import { SOURCES, sourcesPath, type CompileOptions } from '../script/parts.ts';

export interface PipelineDeps {
  readonly client: RegistryClient;
  readonly engine: BuildEngine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Surroundings {
  /**
   * Repositories in place of the image's own, as files of the folder that its package manager reads (`sources.d`,
   * `repos.d`, `repositories`): name → text. Empty: the image's own. They are in no layer.
   */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly limits: BuildLimits;
  /** A line of what happens. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Until it is disposed, the steps need not fetch and unpack the image again; null where the engine cannot keep it. */
export async function holdBase(
  { engine }: Pick<PipelineDeps, 'engine'>,
  image: Image,
  { limits, log, signal }: Pick<Surroundings, 'limits' | 'log' | 'signal'>,
): Promise<AsyncDisposable | null> {
  const options = { platform: image.platform, files: {}, limits, log, signal };
  return (await engine.hold?.(image, options)) ?? null;
}

/** The files of a session that lead the package manager to the mirrors. */
export function mirrorFiles(
  manager: PackageManager,
  { mirrors }: Pick<Surroundings, 'mirrors'>,
): Readonly<Record<string, string>> {
  const place = SOURCES[manager];
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(mirrors)) {
    files[place.endsWith('.d') ? `${place}/${name}` : place] = text;
  }
  return files;
}

/** Options that lead apt to the mirrors. */
export function aptMirrorOptions(surroundings: Pick<Surroundings, 'mirrors'>): readonly string[] {
  const parts = sourcesPath('apt', compileOptions(surroundings));
  if (parts === null) return [];
  return ['-o', 'Dir::Etc::SourceList=/dev/null', '-o', `Dir::Etc::SourceParts=${parts}`];
}

export function compileOptions({ mirrors }: Pick<Surroundings, 'mirrors'>): CompileOptions {
  return { mirrors: Object.keys(mirrors).length === 0 ? 'image' : 'mounted' };
}
