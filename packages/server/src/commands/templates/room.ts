/** What the commands on templates work with: the engine, put together as the portal does it, without server and database. */
import type { Engine, RunEnvironment, RunnerDeps, TestOutside } from '@callboard/scaffolder/authoring';
import type { Diagnostic } from '@callboard/model';
import type { FieldDeclaration } from '@callboard/plugin';
import type { configSource } from '../context.ts';
import type { PortalClient } from './portal.ts';

export interface TemplatingRoom extends AsyncDisposable {
  /**
   * With `outside`, nothing that it makes reaches anything else: no network, no catalog, no git server. Without, it reads
   * what the configuration allows, and nothing can be registered in its catalog; sources of forms are not asked then, and
   * who needs an answer is told so.
   */
  engine(outside?: TestOutside): Promise<RunnerDeps & Pick<Engine, 'forms'>>;
  /** `scaffolder.defaultEnvironment`. */
  readonly environment: RunEnvironment;
  /** Names of form fields that plugins add. */
  readonly fields: readonly string[];
  /** Of those, the ones that are nothing but rules, for the linter. Default: none. */
  readonly declarations?: Readonly<Record<string, FieldDeclaration>>;
  /** What is wrong with plugins and files of actions; what is good is there. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Without a configuration file, the portal's own actions and settings.
 * @param options.portal a running portal whose catalog is asked. Default: the database of the configuration, which is
 *   opened when an entity is first asked for
 * @throws CodedError when the configuration is broken
 */
export type OpenTemplating = (
  source: ReturnType<typeof configSource>,
  options?: { readonly portal: PortalClient | null },
) => Promise<TemplatingRoom>;
