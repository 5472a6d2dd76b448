/** What the room offers to those who speak for it: the API, the command, the portal. */
import type { Diagnostic } from '@callboard/model';
import type { FindingsStore, PutOutcome } from './findings/findings-store.ts';
import type { GoldenImage } from './identify/golden-image.ts';
import type { PatchFigures } from './patches/figures.ts';
import type { Patch, PatchState, RecordKind } from './patches/patch.ts';
import type { GoldenSettings } from './settings.ts';

export interface Images {
  readonly findings: Pick<FindingsStore, 'list' | 'get' | 'counts'>;
  readonly patches: PatchDesk;
  /**
   * Takes in a report of any known scanner. What of it cannot be used is told in `diagnostics`.
   * @throws CodedError `images/report-unusable` when nothing can be
   */
  takeReport(bytes: Buffer, options: { readonly name: string }): Promise<TakenReport>;
  /** By name. */
  goldens(): Promise<readonly GoldenStatus[]>;
  figures(): Promise<PatchFigures>;
  /** What was set aside, and needs a person. */
  troubles(): Promise<readonly ImagesTrouble[]>;
  /** PEM of the key that statements are signed with. */
  publicKey(): Promise<string>;
}

export interface TakenReport {
  /** As `trivy`. */
  readonly format: string;
  readonly findings: number;
  readonly outcome: PutOutcome;
  readonly diagnostics: readonly Diagnostic[];
}

export interface GoldenStatus {
  readonly golden: Pick<
    GoldenSettings,
    'name' | 'title' | 'owner' | 'system' | 'registry' | 'repository' | 'tag'
  >;
  /** One for each platform that was read; empty when none could be. */
  readonly images: readonly GoldenImage[];
  /** Why it could not be read, or not wholly; null when it was. */
  readonly problem: string | null;
  /** When it was last read, in milliseconds since 1970; null before the first time. */
  readonly readAt: number | null;
  /** Names of applications that stand on it. */
  readonly usedBy: readonly string[];
}

export interface ImagesTrouble {
  readonly kind: 'change-set-aside' | 'report' | 'golden';
  readonly summary: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Every method that names a patch throws CodedError `images/patch-not-found`; `images/patch-state` when it is in no state for that. */
export interface PatchDesk {
  /** The newest first. */
  list(query?: PatchQuery): Promise<PatchPage>;
  get(id: string): Promise<Patch>;
  /**
   * Patches a golden image now, whatever was reported; joins the patch that is open. `platform` as `linux/amd64`; all
   * of its platforms without.
   * @throws CodedError `images/golden-not-found`, and those of the registry
   */
  start(request: {
    readonly golden: string;
    readonly platform?: string;
    readonly by: string;
  }): Promise<readonly Patch[]>;
  /** Agrees to the plan of this hash; @throws CodedError `images/plan-changed` when the plan is another by now. */
  approve(id: string, request: Word & { readonly planHash: string }): Promise<Patch>;
  /** Ends a patch that awaits approval. */
  reject(id: string, request: Word): Promise<Patch>;
  /** Runs a parked patch again, from where it stopped. */
  retry(id: string, request: Word): Promise<Patch>;
  cancel(id: string, request: Word): Promise<Patch>;
  /** Moves the golden tag to a proved image. */
  promote(id: string, request: Word): Promise<Patch>;
  /** Moves the golden tag back to what was there before. */
  rollback(id: string, request: Word): Promise<Patch>;
  /** Lines of the log after a number; the first is 1. */
  lines(id: string, from: { readonly after: number; readonly limit: number }): Promise<readonly PatchLine[]>;
  /** Calls whenever a patch has a new line or state, in this process; gives what ends that. */
  watch(id: string, listener: () => void): () => void;
  /** Null when there is none. */
  record(hash: string): Promise<KeptRecord | null>;
}

/** Who says it, and why. */
export interface Word {
  /** Entity reference, or the subject of a token. */
  readonly by: string;
  readonly reason: string;
}

export interface PatchQuery {
  readonly golden?: string;
  readonly states?: readonly PatchState[];
  /** 1 to 200. Default: 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface PatchPage {
  readonly items: readonly Patch[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface PatchLine {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

export interface KeptRecord {
  /** SHA-256 of the text in UTF-8, hexadecimal. */
  readonly hash: string;
  readonly kind: RecordKind;
  readonly text: string;
  readonly at: number;
}
