/** Actions that templates of the community use, as the published packages of Roadie take them. */
import type { Action } from '@callboard/plugin';
import { BOUNDS } from './bounded.ts';
import type { CommunityActionsDeps } from './deps.ts';
import {
  createAppendAction,
  createParseAction,
  createReplaceAction,
  createWriteAction,
} from './fs-actions.ts';
import {
  createJsonataAction,
  createJsonTransformAction,
  createYamlTransformAction,
} from './jsonata-actions.ts';
import { createJsonMergeAction, createMergeAction } from './merge-actions.ts';
import { createRequestAction } from './request.ts';
import { createSerializeJsonAction, createSerializeYamlAction } from './serialize-actions.ts';
import { createSleepAction } from './sleep-action.ts';
import { createZipAction } from './zip-action.ts';

export type { CommunityActionsDeps } from './deps.ts';

export function createCommunityActions(deps: CommunityActionsDeps): readonly Action[] {
  const { portal, maxSleep, bounds = BOUNDS } = deps;
  return [
    createParseAction(),
    createWriteAction(),
    createAppendAction(),
    createReplaceAction({ bounds }),
    createZipAction(),
    createJsonMergeAction(),
    createMergeAction('roadiehq:utils:merge'),
    createMergeAction('roadiehq:utils:yaml:merge'),
    createJsonataAction({ bounds }),
    createJsonTransformAction({ bounds }),
    createYamlTransformAction({ bounds }),
    createSerializeJsonAction(),
    createSerializeYamlAction(),
    createSleepAction(maxSleep === undefined ? {} : { maxSleep }),
    createRequestAction(portal),
  ];
}
