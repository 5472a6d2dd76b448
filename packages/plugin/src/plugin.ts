/** A plugin: a plain object that gets what it may use and gives what it adds. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action, ActionLogger } from './action.ts';
import type { Git } from './git.ts';
import type { JsonSchema } from './schema.ts';

export interface Plugin {
  /** Unique, lower case with hyphens. */
  readonly id: string;
  /** Called once when the portal starts; keep it cheap and load libraries when they are first needed. */
  provision(context: PluginContext): PluginParts | Promise<PluginParts>;
}

export interface PluginContext {
  readonly logger: ActionLogger;
  /** The forges of `integrations` in the configuration. */
  readonly forges: readonly Forge[];
  readonly git: Git;
  /** Of the configuration, by a dotted key; undefined when it is not there. */
  config(key: string): JsonValue | undefined;
  /** For calls to hosts that the operator configured. */
  readonly fetch: typeof fetch;
}

/** A forge, or a plain git server (`git`), as the configuration names it. */
export interface Forge {
  readonly type:
    | 'github'
    | 'gitlab'
    | 'bitbucketCloud'
    | 'bitbucketServer'
    | 'azure'
    | 'gitea'
    | 'gerrit'
    | 'git';
  /** Host, with the port when it has one, as users write it in `repoUrl`. */
  readonly host: string;
  /** Root of browser URLs, without a slash at the end. */
  readonly baseUrl: string;
  /** Root of the API, without a slash at the end. */
  readonly apiBaseUrl: string;
  /** Of the configuration, for everybody; null when there is none. Secret. */
  readonly token: string | null;
  /** Who logs in with it, where that matters. */
  readonly username?: string;
}

export interface PluginParts {
  /** Steps that templates can use. */
  readonly actions?: readonly Action[];
  /** By the name of the provider, as `github`. */
  readonly autocomplete?: Readonly<Record<string, AutocompleteProvider>>;
  readonly filters?: Readonly<Record<string, TemplateFilterExtension>>;
  readonly globals?: Readonly<Record<string, TemplateGlobalExtension>>;
  /** Lists that forms choose from (`ui:source: {provider: aws:accounts}`), by the name that templates use. */
  readonly options?: Readonly<Record<string, OptionsProvider>>;
  /** Fields of forms by the name that templates use, as `AwsAccountPicker`. */
  readonly fields?: Readonly<Record<string, FieldDeclaration>>;
  /** Files with fields of forms that run in the browser (`.tsx`), absolute. They are compiled by the portal. */
  readonly browser?: readonly string[];
}

/** Lists what a field can be set to. What it throws is shown at the field. */
export type OptionsProvider = (request: {
  /** What the template gives it (`with`), with the values of the form put in. */
  readonly input: JsonObject;
  /** Who fills the form in: list only what they may use. */
  readonly user: OptionsUser;
  readonly signal: AbortSignal;
}) => Promise<readonly JsonValue[]>;

export interface OptionsUser {
  /** `user:default/anna`; null for a service. */
  readonly ref: string | null;
  /** Full references of what they own things as: their own and those of their groups. */
  readonly groups: readonly string[];
}

/**
 * A field that is nothing but rules: when a form is read, `expand` gives what the author of a template could have written
 * instead (`ui:source`, `ui:default`, `ui:disabled`…), so that browser, server and command line know it alike.
 */
export interface FieldDeclaration {
  readonly description: string;
  /** JSON Schemas of the value and of `ui:options`. What does not fit is named to the author, and the field is left plain. */
  readonly schema: { readonly returnValue: JsonSchema; readonly uiOptions?: JsonSchema };
  readonly examples?: readonly { readonly description: string; readonly example: string }[];
  /** @returns keywords to add to the property; those that the template writes itself win */
  expand(options: JsonObject, field: { readonly key: string }): JsonObject;
}

/** Suggestions for a field of a form. `token` is the user's own for the forge. */
export type AutocompleteProvider = (request: {
  readonly resource: string;
  readonly token: string;
  readonly context: Readonly<Record<string, string>>;
}) => Promise<{ readonly results: readonly { readonly id: string; readonly title?: string }[] }>;

export interface TemplateFilterExtension {
  readonly description?: string;
  readonly schema?: {
    readonly input?: JsonSchema;
    readonly arguments?: readonly JsonSchema[];
    readonly output?: JsonSchema;
  };
  readonly examples?: readonly JsonObject[];
  filter(input: JsonValue | undefined, ...rest: readonly (JsonValue | undefined)[]): JsonValue | undefined;
}

export type TemplateGlobalExtension =
  | { readonly description?: string; readonly value: JsonValue }
  | {
      readonly description?: string;
      readonly schema?: { readonly arguments?: readonly JsonSchema[]; readonly output?: JsonSchema };
      readonly examples?: readonly JsonObject[];
      call(...rest: readonly (JsonValue | undefined)[]): JsonValue | undefined;
    };

/** Declares a plugin. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
