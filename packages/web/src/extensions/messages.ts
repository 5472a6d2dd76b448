/** The texts around custom fields. */
export const messages = {
  loading: 'Loading…',
  brokenFile: (file: string) => `The custom field in ${file} does not work`,
  brokenField: (name: string, file: string) => `The custom field ${name} (${file}) does not work`,
  place: (file: string, line: number | null, column: number | null) =>
    [file, line, column].filter((part) => part !== null).join(':'),
  plainInstead: 'Until it is repaired the value can be typed in here as it is.',
  savedIsEnough: 'When the file is saved, this form takes the new version over.',
  retry: 'Try again',
  tooLong: (seconds: number) => `It was not loaded within ${seconds} seconds.`,
  endless:
    'It draws itself again and again without end: look for an effect or a state that is set while it is drawn.',
  objectShown:
    'An object stands where something to show is expected: show one of its texts, or JSON.stringify of it.',
  noSuchComponent:
    'It draws a component that is not there: an import gives nothing of this name, or a component is not exported.',
  hooksDiffer:
    'It calls other hooks than when it was drawn before: a hook stands behind a condition or an early return.',
  nameTaken: (name: string, other: string) =>
    `The field “${name}” is registered by ${other} already: the one of this file is not used.`,
  noName: 'A field that is exported here has no name.',
  noComponent: (name: string) => `The field “${name}” has no component.`,
  nothing:
    'The file registers nothing: export a field ({name, component}), createScaffolderFieldExtension or createFormField.',
  lazyFailed: (name: string) => `The field “${name}” could not be loaded.`,
  decoratorInput: (id: string, why: string) => `The input of the decorator “${id}” is not as it says: ${why}`,
};
