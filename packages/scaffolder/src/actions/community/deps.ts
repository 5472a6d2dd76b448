/** What the community actions work with. */
import type { Bounds } from './bounded.ts';
import type { RequestDeps } from './request.ts';

export interface CommunityActionsDeps {
  /** Where `http:backstage:request` goes, and on whose behalf. */
  readonly portal: RequestDeps;
  /** Seconds that `roadiehq:utils:sleep` may take. Default: a day. */
  readonly maxSleep?: number;
  /** Of expressions. Default: 10 s, 256 MiB. */
  readonly bounds?: Bounds;
}
