/** A proof of a patched image, made the only way there is: out of checks that are all right. */
import type { ImageAt } from '../image/image.ts';
import { CHECKS, judge, type Proof, type Verdict } from './verdict.ts';

export function goodFacts(base: ImageAt, image: ImageAt): Omit<Verdict, 'proved'> {
  return {
    image,
    base,
    planHash: 'a'.repeat(64),
    checks: CHECKS.map((id) => ({ id, ok: true, detail: '' })),
    findings: { before: [{ vulnerability: 'CVE-1', package: 'openssl', fixedVersion: '2' }], after: [] },
    scanner: { name: 'trivy', version: '1', database: '2' },
    grown: 10,
    judgedAt: 1_700_000_000_000,
  };
}

export function proofOf(base: ImageAt, image: ImageAt): Proof {
  const { proof } = judge(goodFacts(base, image));
  if (proof === null) throw new Error('Good facts prove nothing.');
  return proof;
}
