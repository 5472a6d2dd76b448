/** The plugin: steps of templates that work with GitHub, and suggestions for the fields of their forms. */
import { definePlugin } from '@callboard/plugin';
import { createGithubActions } from './actions/index.ts';
import { createAutocomplete } from './autocomplete.ts';

export const plugin = definePlugin({
  id: 'github',
  provision: (context) => ({
    actions: createGithubActions(context),
    autocomplete: { github: createAutocomplete(context) },
  }),
});
