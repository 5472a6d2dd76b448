/** The real engine with the portal's own actions, and some that stand for what goes outside. */
import { createLog } from '@callboard/kernel';
import type { JsonValue } from '@callboard/model';
import { defineAction, type Action, type Git } from '@callboard/plugin';
import { createCatalogActions } from '../actions/catalog/catalog-actions.ts';
import { createSleepAction } from '../actions/community/sleep-action.ts';
import { createDebugActions } from '../actions/debug/debug-actions.ts';
import { createFilesActions } from '../actions/files/files-actions.ts';
import { createGitActions } from '../actions/git/index.ts';
import { createNotificationActions } from '../actions/notification/notification-actions.ts';
import { createFetchActions } from '../actions/fetch/fetch-actions.ts';
import { createTemplating } from '../expression/templating.ts';
import { createRunner } from '../run/create-runner.ts';
import { createFormChecks } from '../form/check-form.ts';
import { requesterOf } from '../form/sources/requester.ts';
import type { SourceSettings } from '../form/sources/source-settings.ts';
import { createSources } from '../form/sources/sources.ts';
import type { TestEngine, TestOutside } from './run-template-tests.ts';

/** Fails when it is really run. */
function outside(id: string): Action {
  return defineAction({
    id,
    schema: {
      input: { type: 'object', additionalProperties: true, properties: { remoteUrl: { type: 'string' } } },
      output: {
        type: 'object',
        properties: {
          commitHash: { type: 'string' },
          remoteUrl: { type: 'string', examples: ['https://git.example.com/x'] },
        },
      },
    },
    handler: async () => {
      throw new Error('it went outside');
    },
  });
}

const NOBODY = { name: 'anna', email: 'anna@example.com' };

const NO_GIT: Git = {
  publish: async () => {
    throw new Error('it went outside');
  },
  pushBranch: async () => {
    throw new Error('it went outside');
  },
};

/** `forms`: what sources may reach. Default: nothing. */
export function openTestEngine(
  { fetch, urls, catalog, options }: TestOutside,
  forms: Partial<SourceSettings> = {},
): TestEngine {
  const templating = createTemplating();
  const asks = defineAction({
    id: 'harbourline:asks',
    supportsDryRun: true,
    schema: { input: { type: 'object', properties: { url: { type: 'string' } } } },
    handler: async (context) => {
      const response = await fetch(context.input.url ?? '');
      context.logger.info(`it said ${response.status}`);
      const answer: JsonValue = JSON.parse(await response.text());
      context.output('answer', answer);
    },
  });
  const all = [
    ...createFetchActions({ urls, templating }),
    ...createFilesActions(),
    ...createCatalogActions({ catalog, urls }),
    ...createDebugActions(),
    ...createNotificationActions({ notifications: null }),
    ...createGitActions({
      git: NO_GIT,
      forges: [],
      fetch,
      defaults: { author: NOBODY, message: 'Initial commit' },
    }),
    outside('publish:github:pull-request'),
    createSleepAction({}),
    asks,
  ];
  const find = (id: string): Action | null => all.find((action) => action.id === id) ?? null;
  const log = createLog({ write: () => undefined });
  const lists = Object.entries(options).map(([name, list]) => [name, async () => list] as const);
  const sources = createSources({
    settings: { endpoints: new Map(), allow: [], ...forms },
    catalog,
    providers: Object.fromEntries(lists),
    request: requesterOf(fetch),
    now: Date.now,
  });
  return {
    actions: { find, list: () => all },
    forms: createFormChecks({ sources, declarations: {}, catalog }),
    createRunner: (actions) => createRunner({ actions, templating, now: () => Date.now(), log }),
  };
}
