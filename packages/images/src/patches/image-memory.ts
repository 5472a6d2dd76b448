/** The images that findings are about, read from their registries once: a digest never changes. */
import { CodedError, messageOf, type Log } from '@callboard/kernel';
import type { Image, Platform } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Finding } from '../receive/finding.ts';

export interface ImageMemory {
  /** For findings that came together: a registry that is down for one of them is not asked for the others. */
  look(): ImageReader;
}

export interface ImageReader {
  /** Null when it is not known where it is, or it is gone. */
  read(finding: Finding): Promise<Image | null | 'unreachable'>;
}

const REMEMBERED = 1_000;
/** What cannot be read is not asked for again so soon; a login may be mended, or an image be pushed. */
const PASSED_OVER = 10 * 60_000;
const PLATFORMS: readonly Platform[] = ['amd64', 'arm64'].map((architecture) => ({
  os: 'linux',
  architecture,
  variant: null,
}));

export interface ImageMemoryDeps {
  readonly client: RegistryClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

interface Remembered {
  readonly image: Image | null;
  readonly until: number;
}

export function createImageMemory({ client, log, now }: ImageMemoryDeps): ImageMemory {
  const known = new Map<string, Remembered>();
  const fetchImage = async (
    at: Parameters<RegistryClient['image']>[0],
    platforms: readonly Platform[],
  ): Promise<Image> => {
    const [platform, ...others] = platforms;
    if (platform === undefined) throw new Error('An image is read for a platform.');
    try {
      return await client.image(at, platform);
    } catch (error) {
      const isOther = error instanceof CodedError && error.code === 'images/registry-no-platform';
      if (isOther && others.length > 0) return fetchImage(at, others);
      throw error;
    }
  };
  const remember = (name: string, remembered: Remembered): void => {
    known.set(name, remembered);
    if (known.size > REMEMBERED) known.delete([...known.keys()][0] ?? name);
  };
  return {
    look: () => {
      const down = new Set<string>();
      return {
        read: async ({ image: { digest, registry, repository, platform } }) => {
          if (digest === null || registry === null || repository === null) return null;
          const name = `${registry}/${repository}@${digest}`;
          const remembered = known.get(name);
          if (remembered !== undefined && remembered.until > now()) return remembered.image;
          if (down.has(registry)) return 'unreachable';
          try {
            const at = { registry, repository, reference: digest };
            const image = await fetchImage(at, platform === null ? PLATFORMS : [platform]);
            remember(name, { image, until: Infinity });
            return image;
          } catch (error) {
            // What is down is asked again; what is gone or unreadable does not get better soon.
            if (!(error instanceof CodedError) || error.status === 503 || error.status === 429) {
              down.add(registry);
              return 'unreachable';
            }
            log.info('the image of a finding cannot be read', { image: name, error: messageOf(error) });
            remember(name, { image: null, until: now() + PASSED_OVER });
            return null;
          }
        },
      };
    },
  };
}
