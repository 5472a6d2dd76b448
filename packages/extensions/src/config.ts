/** The key `extensions` of the configuration. */
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Config, ConfigSchema } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';

export interface ExtensionsSettings {
  /** Absolute; need not be there. */
  readonly folder: string;
  /** How the folder is called to people: relative to where the portal runs, or its last name. */
  readonly folderName: string;
}

export const extensionsConfigSchema: ConfigSchema = {
  id: 'extensions',
  schema: {
    type: 'object',
    properties: {
      extensions: {
        type: 'object',
        description: 'Code of one’s own for the browser, as fields of forms.',
        properties: {
          folder: {
            type: 'string',
            description: 'With .tsx files. Default: extensions, beside the first configuration file.',
          },
        },
      },
    },
  },
};

const FOLDER = 'extensions.folder';

export interface ExtensionsConfigOptions {
  /** What a folder in the configuration is relative to. */
  readonly cwd: string;
  /** Absolute paths of the files of the configuration, the first one first. */
  readonly files: readonly string[];
}

/** A folder that is no text is told as `extensions/folder`, and the default one is used. */
export function parseExtensionsConfig(
  config: Pick<Config, 'getOptional'>,
  { cwd, files: [first] }: ExtensionsConfigOptions,
): { readonly settings: ExtensionsSettings; readonly diagnostics: readonly Diagnostic[] } {
  const usual = resolve(first === undefined ? cwd : dirname(first), 'extensions');
  const written: unknown = config.getOptional(FOLDER);
  if (written === undefined) return { settings: settingsOf(usual, cwd), diagnostics: [] };
  if (typeof written === 'string' && written.trim() !== '') {
    return { settings: settingsOf(resolve(cwd, written), cwd), diagnostics: [] };
  }
  const diagnostic: Diagnostic = {
    severity: 'warning',
    code: 'extensions/folder',
    summary: `${FOLDER} is no path of a folder; the usual folder is used.`,
    detail: 'Write a path, or remove the key for "extensions" beside the configuration.',
    path: FOLDER,
  };
  return { settings: settingsOf(usual, cwd), diagnostics: [diagnostic] };
}

function settingsOf(folder: string, cwd: string): ExtensionsSettings {
  const below = relative(cwd, folder);
  const isBelow = below !== '' && !below.startsWith('..') && !isAbsolute(below);
  return { folder, folderName: isBelow ? below : (folder.split(/[\\/]/).at(-1) ?? folder) };
}
