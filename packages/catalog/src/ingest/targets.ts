/** What a Location entity points to, made absolute and matched with whoever reads it. */
import type { Diagnostic, Entity, LocationRef } from '@callboard/model';
import type { EntityIndex } from '../index/entity-index.ts';
import { resolveTarget, writtenTargets } from '../process/location.ts';
import type { ReadOutcome, ReadRequest, SourceReader } from '../source/reader.ts';
import type { CatalogCore } from './core.ts';

export interface TargetToRead {
  readonly reader: SourceReader;
  readonly request: Omit<ReadRequest, 'fingerprints'>;
}

type Failed = ReadOutcome & { readonly kind: 'failed' };

/** One for each target as it is written: what to read, or why it cannot be read. */
export function targetsToRead(
  core: Pick<CatalogCore, 'readers' | 'resolveUrl' | 'openLocationTypes'>,
  location: Entity,
): (TargetToRead | Failed)[] {
  const { base, type, written, optional } = writtenTargets(location);
  const reader = core.readers.find((candidate) => candidate.type === type);
  // A document that somebody else wrote must not lead into the files of this machine.
  const isOpen = type === base.type || core.openLocationTypes.includes(type);
  return written.map((text) => {
    const spec = { type, target: text };
    if (!isOpen) return failed(spec, notOpen(spec, { base, types: core.openLocationTypes }));
    if (reader === undefined) return failed(spec, noReader(spec));
    const target = absolute(spec, base, core.resolveUrl);
    return target === null ? failed(spec, badTarget(spec)) : { reader, request: { target, optional } };
  });
}

function absolute(
  spec: LocationRef,
  base: LocationRef,
  resolveUrl: CatalogCore['resolveUrl'],
): string | null {
  if (spec.type === 'file' && spec.target.endsWith('/')) return null;
  try {
    return resolveTarget(spec, base, resolveUrl);
  } catch {
    return null;
  }
}

type What = Pick<Diagnostic, 'code' | 'summary' | 'detail'>;

function failed({ target }: LocationRef, what: What): Failed {
  return { kind: 'failed', target, diagnostic: { severity: 'error', ...what } };
}

function notOpen(
  { type, target }: LocationRef,
  { base, types }: { base: LocationRef; types: readonly string[] },
): What {
  return {
    code: 'catalog/location-type',
    summary: `A location of type ${base.type} may not lead to ${type}:${target}`,
    detail: `It may lead to locations of its own type, and of type ${types.join(', ')}.`,
  };
}

function noReader({ type, target }: LocationRef): What {
  return {
    code: 'catalog/no-reader',
    summary: `No reader is able to handle ${type}:${target}`,
    detail: 'Locations are of type file or url, unless a plugin adds another.',
  };
}

function badTarget({ type, target }: LocationRef): What {
  return {
    code: 'catalog/bad-target',
    summary: `${type}:${target} is not a target that can be read`,
    detail: 'A file target is a path or a glob of files, not a folder; a url target is a URL.',
  };
}

/** True of a Location entity that points to files of this machine. */
export function isFileLocation(index: EntityIndex, ref: string): boolean {
  const ordinal = index.ordinalOf(ref);
  return ordinal !== undefined && writtenTargets(index.entityOf(ordinal, 'head')).type === 'file';
}
