/** What is chosen of the findings, and its address: `severity`, `status`, `repository`, `vulnerability`, `digest`. */
import {
  FINDING_STATUSES,
  SEVERITIES,
  type FindingQuery,
  type FindingStatus,
  type Severity,
} from '../../api/images.ts';

const ANY = 'any';
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const USUAL_STATUS: FindingStatus = 'active';

/** Those that are open, unless the address says otherwise; what it says that cannot be is left out. */
export function toFindingQuery(params: URLSearchParams): FindingQuery {
  const asked = (params.get('severity') ?? '').split(',');
  const status = params.get('status') ?? USUAL_STATUS;
  return {
    severities: SEVERITIES.filter((known) => asked.includes(known)),
    status: status === ANY ? null : (FINDING_STATUSES.find((known) => known === status) ?? USUAL_STATUS),
    repository: params.get('repository')?.trim() ?? '',
    digest: DIGEST.exec(params.get('digest') ?? '')?.[0] ?? '',
    vulnerability: params.get('vulnerability')?.trim() ?? '',
  };
}

/** What is usual is left out, as is what is empty. */
export function fromFindingQuery(query: FindingQuery): URLSearchParams {
  const { severities, status, repository, digest, vulnerability } = query;
  const params = new URLSearchParams();
  if (severities.length > 0) params.set('severity', severities.join(','));
  if (status !== USUAL_STATUS) params.set('status', status ?? ANY);
  for (const [name, value] of Object.entries({ repository, vulnerability, digest })) {
    if (value.trim() !== '') params.set(name, value.trim());
  }
  return params;
}

/** Whether there may be findings that are not shown, because something was chosen. */
export function isNarrowed({ severities, repository, digest, vulnerability }: FindingQuery): boolean {
  return severities.length > 0 || repository !== '' || digest !== '' || vulnerability !== '';
}

/** With one severity more, or less when it was there. */
export function toggled(severities: readonly Severity[], severity: Severity): readonly Severity[] {
  return SEVERITIES.filter((known) => severities.includes(known) !== (known === severity));
}
