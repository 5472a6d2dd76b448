/** Which packages a package manager changes, and how rpm writes a package in one word. */
import type { PackageFormat, PackageManager } from '../inventory/inventory.ts';

export const FORMATS: Readonly<Record<PackageManager, PackageFormat>> = {
  apt: 'deb',
  apk: 'apk',
  dnf: 'rpm',
  microdnf: 'rpm',
  tdnf: 'rpm',
  yum: 'rpm',
  zypper: 'rpm',
};

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
  /** Null where the output does not say. */
  readonly architecture: string | null;
}

/** `name-[epoch:]version-release.arch`, as `openssl-libs-1:3.0.7-28.el9.x86_64`; null for anything else. */
export function parseNevra(text: string): NamedVersion | null {
  const found = /^([A-Za-z0-9][A-Za-z0-9._+-]*)-((?:\d+:)?[^-:\s]+-[^-:\s]+)\.([a-z0-9_]+)$/.exec(text);
  const [, name, version, architecture] = found ?? [];
  if (name === undefined || version === undefined || architecture === undefined) return null;
  return { name, version: withoutZeroEpoch(version), architecture };
}

export function withoutZeroEpoch(version: string): string {
  return version.replace(/^0:/, '');
}
