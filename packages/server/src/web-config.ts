/** What the page may see of the configuration: the keys that a schema calls frontend, with the branding checked. */
import { frontendConfig, type Config, type ConfigSchema } from '@callboard/kernel';
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import { parseBranding, type Branding } from './branding.ts';

export interface WebSettings {
  /** `app.title`; null: the page's own. */
  readonly title: string | null;
  /** As JSON, in the shape of the configuration. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface WebConfigOptions {
  /** What the paths of logos are relative to. */
  readonly cwd: string;
  /** Those of all rooms: they say what is frontend. */
  readonly schemas: readonly ConfigSchema[];
}

/** Reads the files of logos, too. */
export function parseWebConfig(
  config: Config,
  { cwd, schemas }: WebConfigOptions,
): { readonly settings: WebSettings; readonly diagnostics: readonly Diagnostic[] } {
  const shown = frontendConfig(config, schemas);
  const { app } = shown;
  if (!isObject(app)) return { settings: { title: null, config: shown }, diagnostics: [] };
  const { branding: written, ...others } = app;
  const { branding, diagnostics } = parseBranding(written, { cwd });
  const title = typeof app['title'] === 'string' && app['title'].trim() !== '' ? app['title'] : null;
  const checked = { ...others, ...(isEmpty(branding) ? {} : { branding }) };
  return { settings: { title, config: { ...shown, app: checked } }, diagnostics };
}

const isEmpty = (branding: Branding): boolean => Object.keys(branding).length === 0;

const text = (description: string): JsonObject => ({ type: 'string', description, visibility: 'frontend' });

const logo = (description: string): JsonObject => ({
  description,
  anyOf: [
    { type: 'string', visibility: 'frontend' },
    {
      type: 'object',
      properties: { light: text('In the light theme.'), dark: text('In the dark theme.') },
    },
  ],
});

const palette: JsonObject = {
  type: 'object',
  properties: {
    primaryColor: text('Links, buttons and what is selected.'),
    headerColor1: text('Where the colour of page headers begins.'),
    headerColor2: text('Where it ends.'),
    navigationIndicatorColor: text('The mark at the page that is open.'),
  },
};

/** The keys that only the page follows. */
export const webConfigSchema: ConfigSchema = {
  id: 'web',
  schema: {
    type: 'object',
    properties: {
      app: {
        type: 'object',
        properties: {
          branding: {
            type: 'object',
            properties: {
              fullLogo: logo('The logo where there is room: a path, an https URL or a data URI.'),
              iconLogo: logo('The logo where there is little room.'),
              fullLogoWidth: {
                description: 'A number of pixels, or a number with px, em, rem or %.',
                type: ['string', 'number'],
                visibility: 'frontend',
              },
              theme: { type: 'object', properties: { light: palette, dark: palette } },
            },
          },
          support: {
            type: 'object',
            properties: {
              url: text('Where people get help.'),
              items: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    title: text('What it is for.'),
                    icon: text('The name of an icon.'),
                    links: {
                      type: 'array',
                      items: {
                        type: 'object',
                        properties: { title: text('The text.'), url: text('Where it leads.') },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
