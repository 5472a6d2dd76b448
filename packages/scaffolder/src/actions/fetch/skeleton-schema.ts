/** Inputs that the actions which render have in common. */

export const VALUES = {
  type: 'object',
  description: 'What the skeleton sees as `values`.',
} as const;

export const COOKIECUTTER = {
  type: 'boolean',
  description: 'The skeleton was written for cookiecutter: `{{ cookiecutter.name }}`. Default: false.',
} as const;

export const REPLACE = {
  type: 'boolean',
  description: 'Replaces files that are there already; else they stay as they are. Default: false.',
} as const;

export const COPY_WITHOUT_TEMPLATING = {
  type: 'array',
  items: { type: 'string' },
  description: 'Globs of files and folders that are copied as they are, while their paths are rendered.',
} as const;

export const TEMPLATE_FILE_EXTENSION = {
  type: ['string', 'boolean'],
  description:
    'Renders only files with this extension, and takes it off their names; `true` stands for `.njk`. Default: false.',
} as const;

export const TRIM_BLOCKS = {
  type: 'boolean',
  description: 'Drops the line break after a block tag. Default: false.',
} as const;

export const LSTRIP_BLOCKS = {
  type: 'boolean',
  description: 'Drops blanks before a block tag that begins a line. Default: false.',
} as const;

export const TOKEN = {
  type: 'string',
  description: 'A token for the forge of the URL, in place of the one that is configured.',
} as const;
