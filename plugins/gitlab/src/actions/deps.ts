/** What the actions work with. */
import type { PluginContext } from '@callboard/plugin';

export type GitlabDeps = Pick<PluginContext, 'config' | 'fetch' | 'forges' | 'git'>;
