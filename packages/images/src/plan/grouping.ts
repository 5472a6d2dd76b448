/** From findings to what is planned together: one plan per base digest and platform, never one per finding. */
import type { Digest, Platform } from '../image/image.ts';
import type { Finding } from '../receive/finding.ts';
import { orderOf } from '../versions/ordering.ts';
import { canonicalJson } from './canonical.ts';

/** A finding, and the base that has to change for it. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly base: { readonly digest: Digest; readonly platform: Platform };
}

export interface FindingGroup {
  /** `<digest>/<os>/<architecture>[/<variant>]`: what one worker at a time may plan. */
  readonly key: string;
  readonly digest: Digest;
  readonly platform: Platform;
  /** Each id once, by id; of two with the same id the one that was updated last. */
  readonly findings: readonly Finding[];
}

/** By key; the order of the input does not matter. */
export function groupByBase(placed: readonly PlacedFinding[]): readonly FindingGroup[] {
  const groups = new Map<
    string,
    { readonly base: PlacedFinding['base']; readonly findings: Map<string, Finding> }
  >();
  for (const { finding, base } of placed) {
    const key = groupKey(base.digest, base.platform);
    const group = groups.get(key) ?? { base, findings: new Map<string, Finding>() };
    groups.set(key, group);
    const known = group.findings.get(finding.id);
    if (known === undefined || isLater(finding, known)) group.findings.set(finding.id, finding);
  }
  return [...groups]
    .map(([key, { base, findings }]) => ({
      key,
      digest: base.digest,
      platform: base.platform,
      findings: [...findings.values()].toSorted((a, b) => orderOf(a.id, b.id)),
    }))
    .toSorted((a, b) => orderOf(a.key, b.key));
}

/** `<digest>/<os>/<architecture>[/<variant>]`. */
export function groupKey(digest: Digest, { os, architecture, variant }: Platform): string {
  return [digest, os, architecture, ...(variant === null ? [] : [variant])].join('/');
}

/** Two reports of the same moment are told apart by what they say: one that is no longer active wins. */
function isLater(one: Finding, other: Finding): boolean {
  if (one.updatedAt !== other.updatedAt) return one.updatedAt > other.updatedAt;
  if (one.status !== other.status) return one.status > other.status;
  return canonicalJson(one) > canonicalJson(other);
}
