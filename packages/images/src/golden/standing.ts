/** Which golden images an application stands on, by the layers that it last had. */
import type { BaseIndex } from '../identify/base-index.ts';
import type { Digest, Platform } from '../image/image.ts';
import { formatPlatform } from '../image/manifest.ts';
import type { ApplicationSettings, GoldenSettings, ImagesSettings } from '../settings.ts';
import type { Layers } from './read-golden.ts';
import type { ApplicationBase, KeptApplication } from './sql-golden-store.ts';

const DEFAULT_PLATFORM: Platform = { os: 'linux', architecture: 'amd64', variant: null };

export const UNREAD: KeptApplication = { image: null, base: null, problem: null };

/** What was read under another reference is of another image. */
export function ofReference(
  kept: KeptApplication | undefined,
  application: ApplicationSettings,
): KeptApplication {
  if (kept === undefined) return UNREAD;
  const isOther = kept.image !== null && kept.image.reference !== referenceOf(application);
  return isOther ? { ...UNREAD, problem: kept.problem } : kept;
}

interface Standing {
  readonly settings: Pick<ImagesSettings, 'applications'>;
  readonly applications: ReadonlyMap<string, KeptApplication>;
  readonly index: BaseIndex;
}

/** Whether an application stands on a golden image, be it on another golden one in between. */
export function usersOf({
  settings,
  applications,
  index,
}: Standing): (name: string, golden: string) => boolean {
  const bases = new Map<string, ReadonlySet<string>>();
  for (const application of settings.applications) {
    const { image, base } = ofReference(applications.get(application.name), application);
    const found = image === null ? [] : index.basesOf(image.diffIds, parsePlatform(image.platform));
    const names = found.map(({ golden }) => golden.name);
    bases.set(application.name, new Set(base === null ? names : [...names, base.golden]));
  }
  return (name, golden) => bases.get(name)?.has(golden) ?? false;
}

export function baseOf(index: BaseIndex, image: KeptApplication['image']): ApplicationBase | null {
  const [base] = image === null ? [] : index.basesOf(image.diffIds, parsePlatform(image.platform));
  return base === undefined ? null : { golden: base.golden.name, digest: base.version.digest };
}

/** Of an application only what is unpacked counts. */
export function sameLayers(
  image: KeptApplication['image'],
  platform: Platform,
  digest: Digest,
): Layers | null {
  if (image?.digest !== digest || image.platform !== formatPlatform(platform)) return null;
  return { diffIds: image.diffIds, layers: [] };
}

/** What was found for the same image, when so many versions came since that its own is forgotten. */
export function keptBase(before: KeptApplication, image: KeptApplication['image']): ApplicationBase | null {
  return before.image?.digest === image?.digest ? before.base : null;
}

export function platformsOf(golden: readonly GoldenSettings[]): readonly Platform[] {
  const all = golden.flatMap(({ platforms }) => platforms).map((one) => [formatPlatform(one), one] as const);
  const platforms = [...new Map(all).values()];
  return platforms.length === 0 ? [DEFAULT_PLATFORM] : platforms;
}

/** As `formatPlatform` wrote it. */
function parsePlatform(text: string): Platform {
  const [os = '', architecture = '', variant = null] = text.split('/');
  return { os, architecture, variant };
}

export function referenceOf({ registry, repository, tag }: ApplicationSettings): string {
  return `${registry}/${repository}:${tag}`;
}
