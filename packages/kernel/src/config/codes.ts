/** The codes of this folder in one table: diagnostics first, then what the reader throws. */

export const CONFIG_CODES = {
  'config/file-missing': 'A configuration file, or a file it includes, does not exist.',
  'config/file-unreadable': 'A configuration file exists but cannot be read.',
  'config/file-too-large': 'A configuration file is larger than 1 MB.',
  'config/remote-unsupported': 'A URL was given where a configuration file is expected.',
  'config/environment-file-missing': 'BACKSTAGE_ENV names an environment that has no file.',
  'config/yaml-syntax': 'The text is not valid YAML or JSON.',
  'config/yaml-warning': 'The YAML is valid but probably does not mean what its author wanted.',
  'config/not-an-object': 'The root of a configuration file is not an object.',
  'config/unsafe-key': 'A key such as `__proto__` was dropped.',
  'config/substitution-malformed': 'A `${...}` has no name, or no end.',
  'config/variable-unset': 'A value is gone because an environment variable is not set.',
  'config/variable-invalid': 'An APP_CONFIG_ variable cannot be used.',
  'config/include-malformed':
    'A `$env`, `$file` or `$include` has other keys beside it, or no text as its value.',
  'config/include-format': 'The file of an `$include` is neither YAML nor JSON.',
  'config/include-path': 'The path after # of an `$include` leads to nothing.',
  'config/include-cycle': 'An `$include` leads back to itself.',
  'config/too-many-values': 'The configuration has more than 200,000 values, mostly by aliases or includes.',
  'config/schema-invalid': 'A configuration schema of a room or plugin is broken.',
  'config/schema-violation': 'A value is not what the schema of its room or plugin asks for.',
  'config/visibility-conflict': 'Two schemas call the same value frontend and secret.',
  'config/unknown-key': 'A key is not known where only known keys mean something.',
  'config/deprecated-key': 'A key still works but will be removed.',
  'config/watch-failed': 'A directory cannot be watched, so changes there are not noticed.',
  'config/subscriber-failed': 'Something that follows the configuration failed when it changed.',
  'config/missing': 'Code asked for a value that is not configured.',
  'config/invalid-type': 'Code asked for a value of another type than the configured one.',
  'config/not-convertible': 'A text cannot be read as the number or boolean that code asked for.',
  'config/invalid-key': 'Code asked for a key that no configuration can have.',
  'config/invalid-duration': 'A value cannot be read as a length of time.',
} as const;

export type ConfigCode = keyof typeof CONFIG_CODES;
