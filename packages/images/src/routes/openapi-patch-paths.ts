/** What can be asked of patches, in the OpenAPI document. */
import {
  answer,
  answers,
  ANY_FAILURE,
  closed,
  failure,
  inPath,
  inQuery,
  jsonBody,
  schema,
  TEXT,
  type Paths,
  type Schemas,
} from '@callboard/kernel/openapi';
import { MAX_GOLDEN, MAX_REASON, PLAN_HASH, PLATFORM } from './bodies.ts';
import { PATCH_STATES } from '../patches/patch.ts';
import { MAX_LINES, MAX_PATCHES } from './parameters.ts';
import { CURSOR, itemsOf, limitInQuery, pageOf, wordsInQuery } from './openapi-forms.ts';

const ID = inPath('id', 'The id of the patch.');
const NO_PATCH = failure('There is no such patch.');
const WRONG_STATE = failure('The patch is in no state for that.');

const EVENTS = `With \`Accept: text/event-stream\` the answer is server-sent events, and \`limit\` does not count:

- \`patch\`, data \`{state, stage, reason}\`: at the beginning, and whenever that changes;
- \`line\`, data \`{number, at, text}\`, with the number as \`id\`;
- \`end\`, data \`{}\`: the patch has ended and all of its log was given. Do not connect again.

\`Last-Event-ID\` goes on after that line, and counts more than \`after\`. In silence there is a comment every 15 s.`;

interface Deed {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: string;
}

/** Something that a person does to a patch; all are answered alike. */
function deed({ path, operationId, summary, description, body }: Deed): Paths {
  return {
    [`/patches/{id}/${path}`]: {
      post: {
        operationId,
        tags: ['Patches'],
        summary,
        description: `${description} Who did it, and why, is kept.`,
        parameters: [ID],
        requestBody: jsonBody(schema(body)),
        responses: {
          200: answer('The patch, as it is now.', schema('Patch')),
          404: NO_PATCH,
          409: WRONG_STATE,
          ...ANY_FAILURE,
        },
      },
    },
  };
}

export const PATCH_PATHS: Paths = {
  '/patches': {
    get: {
      operationId: 'ListPatches',
      tags: ['Patches'],
      summary: 'List patches, the newest first',
      parameters: [
        wordsInQuery('state', 'Only in these states.', PATCH_STATES),
        inQuery('golden', 'Only of this golden image.', TEXT),
        limitInQuery('patches', { usual: 50, most: MAX_PATCHES }),
        CURSOR,
      ],
      responses: { 200: answer('A page of patches.', schema('PatchPage')), ...ANY_FAILURE },
    },
    post: {
      operationId: 'StartPatches',
      tags: ['Patches'],
      summary: 'Patch a golden image now',
      description: 'Whatever was reported. Joins the patch that is open.',
      requestBody: jsonBody(schema('StartRequest')),
      responses: {
        202: answer('The patches, one for each platform.', schema('StartedPatches')),
        404: failure('There is no such golden image, or none of that platform.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/patches/{id}': {
    get: {
      operationId: 'GetPatch',
      tags: ['Patches'],
      summary: 'Get one patch',
      parameters: [ID],
      responses: { 200: answer('The patch.', schema('Patch')), 404: NO_PATCH, ...ANY_FAILURE },
    },
  },
  ...deed({
    path: 'approve',
    operationId: 'ApprovePatch',
    summary: 'Agree to the plan',
    description: 'Of a patch that awaits approval; answers 409 when the plan is another one by now.',
    body: 'Approval',
  }),
  ...deed({
    path: 'reject',
    operationId: 'RejectPatch',
    summary: 'Refuse the plan',
    description: 'Ends a patch that awaits approval.',
    body: 'Reason',
  }),
  ...deed({
    path: 'retry',
    operationId: 'RetryPatch',
    summary: 'Run a patch again',
    description: 'A parked one goes on from where it stopped.',
    body: 'Reason',
  }),
  ...deed({
    path: 'cancel',
    operationId: 'CancelPatch',
    summary: 'Stop a patch',
    description: 'Ends a patch that is open.',
    body: 'Reason',
  }),
  ...deed({
    path: 'promote',
    operationId: 'PromotePatch',
    summary: 'Make the proved image golden',
    description: 'Moves the golden tag to it.',
    body: 'Reason',
  }),
  ...deed({
    path: 'rollback',
    operationId: 'RollBackPatch',
    summary: 'Take a promotion back',
    description: 'Moves the golden tag back to what was there before.',
    body: 'Reason',
  }),
  '/patches/{id}/log': {
    get: {
      operationId: 'ReadPatchLog',
      tags: ['Patches'],
      summary: 'Read or follow the log of a patch',
      description: EVENTS,
      parameters: [
        ID,
        inQuery('after', 'Only lines after this number; the first line is 1.', {
          type: 'integer',
          minimum: 0,
          default: 0,
        }),
        limitInQuery('lines', { usual: MAX_LINES, most: MAX_LINES }),
        {
          name: 'Last-Event-ID',
          in: 'header',
          description: 'The id of the last event that was received.',
          schema: { type: 'integer', minimum: 0 },
        },
      ],
      responses: {
        200: answers('The lines.', { 'application/json': schema('PatchLines'), 'text/event-stream': TEXT }),
        404: NO_PATCH,
        ...ANY_FAILURE,
      },
    },
  },
};

const REASON = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_REASON,
  pattern: '^[^\\r\\n]*\\S[^\\r\\n]*$',
  description: 'Why: one line, with no control characters.',
};

export const PATCH_REQUEST_SCHEMAS: Schemas = {
  PatchPage: pageOf('Patch'),
  StartedPatches: itemsOf('Patch'),
  PatchLines: itemsOf('PatchLine'),
  StartRequest: closed(
    {
      golden: { type: 'string', minLength: 1, maxLength: MAX_GOLDEN, description: 'Its name.' },
      platform: {
        type: 'string',
        pattern: PLATFORM,
        description: 'As `linux/amd64`; all of its platforms when absent.',
      },
    },
    ['platform'],
  ),
  Reason: closed({ reason: REASON }),
  Approval: closed({
    planHash: {
      type: 'string',
      pattern: PLAN_HASH,
      description: '`records.plan` of the patch when it was looked at.',
    },
    reason: REASON,
  }),
};
