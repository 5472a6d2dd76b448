/**
 * What a golden tag pointed to before anybody here remembered it: promotions leave tags behind that never move, and
 * applications may still stand on those images.
 */
import type { RegistryClient } from '../image/registry-client.ts';
import { readGolden, type ReadRequest, type ReadVersion } from './read-golden.ts';

/** Promotions that are looked at, the newest. */
const MOST = 20;

export type OlderRequest = Omit<ReadRequest, 'client' | 'of'> & {
  readonly client: Pick<RegistryClient, 'manifest' | 'image' | 'tags'>;
};

/**
 * The newest first; some may be there twice. What is gone from the registry is left out.
 * @throws CodedError when the registry does not answer, or lets nobody in: then all of it is to be read again later.
 */
export async function readOlderVersions(request: OlderRequest): Promise<readonly ReadVersion[]> {
  const { client, at, signal } = request;
  const { registry, repository } = at;
  const tags = await client.tags({ registry, repository }, signal === undefined ? {} : { signal });
  const older: ReadVersion[] = [];
  for (const tag of keptTags(tags, at.tag)) {
    const { images, problems } = await readGolden({ ...request, at: { registry, repository, tag } });
    for (const { error } of problems) if (PASSING.has(error.code)) throw error;
    older.push(...images);
  }
  return older;
}

const PASSING: ReadonlySet<string> = new Set([
  'images/registry-unreachable',
  'images/registry-throttled',
  'images/registry-refused',
]);

/** `<tag>-p<yyyymmdd>.<n>`, which is what it became, and `…-before`, what it was. The newest first. */
function keptTags(tags: readonly string[], golden: string): readonly string[] {
  const all = new Set(tags);
  const promotions = tags.flatMap((tag) => {
    const [, day, number] = /^-p(\d{8})\.(\d{1,6})$/.exec(tag.slice(golden.length)) ?? [];
    return tag.startsWith(golden) && day !== undefined
      ? [{ tag, day: Number(day), number: Number(number) }]
      : [];
  });
  return promotions
    .toSorted((a, b) => b.day - a.day || b.number - a.number)
    .slice(0, MOST)
    .flatMap(({ tag }) => [tag, `${tag}-before`])
    .filter((tag) => all.has(tag));
}
