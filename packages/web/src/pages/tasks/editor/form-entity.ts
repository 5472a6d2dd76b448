/** The form of a template that is being written, as a template of its own: what is wrong elsewhere does not keep it closed. */
import type { FormPage } from '../../../api/scaffolder.ts';

export function formEntity(pages: readonly FormPage[]): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'preview' },
    spec: {
      type: 'preview',
      parameters: pages.map(({ schema }) => schema),
      steps: [{ id: 'nothing', action: 'debug:log', input: {} }],
    },
  };
}
