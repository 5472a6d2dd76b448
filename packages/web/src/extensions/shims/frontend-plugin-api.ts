/** `@backstage/frontend-plugin-api`, as far as fields of forms use it. */
import { createApiRef } from '../apis/api-ref.ts';
import { analytics } from './analytics.ts';
import { apiRefs, createApiFactory } from './api-refs.ts';
import { createBlueprint, createBundle } from './blueprint.ts';
import { routes } from './routes.ts';
import { translation } from './translation.ts';
import { useApi, useApiHolder, withApis } from './use-api.ts';
import { Waiting } from './waiting.ts';

export const frontendPluginApi = {
  ...apiRefs,
  ...analytics,
  ...routes,
  ...translation,
  ApiBlueprint: createBlueprint('api'),
  PageBlueprint: createBlueprint('page'),
  Progress: Waiting,
  createApiFactory,
  createApiRef,
  createFrontendModule: createBundle,
  createFrontendPlugin: createBundle,
  useApi,
  useApiHolder,
  withApis,
};
