/** Package URLs, as far as reports need them: https://github.com/package-url/purl-spec */
import type { AffectedPackage } from './finding.ts';

const OS_KINDS = ['deb', 'rpm', 'apk'] as const;

/** What a package URL says of the kind and the architecture; null when it says nothing, or there is none. */
export function parsePurl(
  purl: string | null,
): { readonly kind: AffectedPackage['kind']; readonly architecture: string | null } | null {
  const match = /^pkg:([a-z0-9.+-]+)\/[^?#]*(?:\?([^#]*))?/i.exec(purl ?? '');
  if (match === null) return null;
  const [, type = '', qualifiers = ''] = match;
  const lower = type.toLowerCase();
  const kind = OS_KINDS.find((one) => one === lower) ?? 'language';
  const architecture = new URLSearchParams(qualifiers).get('arch');
  return {
    kind,
    architecture: architecture !== null && /^\w{1,32}$/.test(architecture) ? architecture : null,
  };
}
