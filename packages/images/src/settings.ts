/** What the room is told by the configuration, parsed. Durations are milliseconds. */
import type { BuildLimits } from './build/engine.ts';
import type { GatePolicy } from './gate/verdict.ts';
import type { Platform } from './image/image.ts';
import type { BedrockCredentials } from './plan/models/bedrock.ts';
import type { SizeBudget } from './prove/size.ts';
import type { Severity } from './receive/finding.ts';
import type { Policy } from './receive/policy.ts';
import type { Command } from './script/command.ts';

export interface ImagesSettings {
  readonly registries: readonly RegistrySettings[];
  readonly golden: readonly GoldenSettings[];
  /** Images that are built on golden ones, for the catalog: who is to be told. */
  readonly applications: readonly ApplicationSettings[];
  /** Which findings act. */
  readonly policy: Policy;
  /** What may be planned, and what takes a person. */
  readonly gate: GatePolicy;
  readonly proof: { readonly budget: SizeBudget; readonly worstNew: Severity };
  readonly planner: PlannerSettings;
  readonly scanner: ScannerSettings;
  /** Null: the first that can be used here. */
  readonly engine: string | null;
  readonly limits: BuildLimits;
  /** `automatic`: a proved image becomes golden by itself. `manual`: when a person says so. */
  readonly promote: 'automatic' | 'manual';
  /** Null: no folder is watched for reports. */
  readonly reportsFolder: string | null;
  /** After the last finding about a base, before it is planned. */
  readonly debounce: number;
  /** After the first finding about a base, the longest that it waits for more. */
  readonly maxWait: number;
  /** Between two scans of all golden images by ourselves; null: never. */
  readonly scanEvery: number | null;
  /** Patches at the same time in one process. */
  readonly concurrency: number;
  /** PEM; null: a key is made, and kept in the database. */
  readonly signingKey: string | null;
  /** Who speaks in VEX documents and provenance. */
  readonly author: string;
}

export interface RegistrySettings {
  /** Host and port. */
  readonly host: string;
  /** Null: as anybody. */
  readonly login: { readonly username: string; readonly password: string } | null;
  /** Speaks http, and not https. */
  readonly insecure: boolean;
}

export interface GoldenSettings {
  /** Unique; the name of its entity. */
  readonly name: string;
  readonly title: string | null;
  /** Entity reference; null: nobody is named. */
  readonly owner: string | null;
  readonly system: string | null;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly platforms: readonly Platform[];
  /** See `Surroundings`. */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly smokeTests: readonly Command[];
  /** Paths that a patch may change though no package brings them, as regular expressions of whole paths. */
  readonly allowedPaths: readonly RegExp[];
}

export interface ApplicationSettings {
  readonly name: string;
  readonly owner: string | null;
  readonly system: string | null;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

export interface PlannerSettings {
  /** What is done about a distribution that gets no more fixes: wait, or take what the mirror still has. */
  readonly afterEndOfLife: 'defer' | 'patch';
  /** Null: rules alone. */
  readonly model: ModelSettings | null;
  /** `residue`: a model is asked for what the rules leave over. `always`: also for a second opinion on each plan. */
  readonly asks: 'residue' | 'always';
}

export type ModelSettings =
  | {
      readonly provider: 'anthropic';
      readonly model: string;
      readonly apiKey: string;
      readonly url: string | null;
    }
  | {
      readonly provider: 'bedrock';
      readonly model: string;
      readonly region: string;
      readonly credentials: BedrockCredentials;
      readonly url: string | null;
    }
  | {
      readonly provider: 'openai-compatible';
      readonly name: string;
      readonly model: string;
      readonly url: string;
      readonly apiKey: string | null;
    }
  | {
      /** A folder of recordings, for tests. */
      readonly provider: 'recorded';
      readonly folder: string;
    };

export interface ScannerSettings {
  readonly kind: 'trivy' | 'grype';
  /** A path, or a name in `PATH`. */
  readonly program: string;
  /** Where its database is; null: its own place. */
  readonly cacheDir: string | null;
}
