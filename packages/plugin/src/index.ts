/** The door for authors of plugins. */
export {
  defineAction,
  type Action,
  type ActionContext,
  type ActionDefinition,
  type ActionExample,
  type ActionLogger,
  type TemplateInfo,
} from './action.ts';
export type { Git, GitAuthor, GitCommit, GitLogin, GitPublish, GitPushBranch, GitRemote } from './git.ts';
export {
  definePlugin,
  type AutocompleteProvider,
  type FieldDeclaration,
  type Forge,
  type OptionsProvider,
  type OptionsUser,
  type Plugin,
  type PluginContext,
  type PluginParts,
  type TemplateFilterExtension,
  type TemplateGlobalExtension,
} from './plugin.ts';
export type { FromSchema, JsonSchema } from './schema.ts';
