/** Golden images, records and the room itself in the OpenAPI document. */
import {
  answer,
  answers,
  ANY_FAILURE,
  closed,
  COUNT,
  failure,
  inPath,
  oneOf,
  schema,
  TEXT,
  TEXT_OR_NULL,
  TEXTS,
  type Paths,
  type Schemas,
} from '@callboard/kernel/openapi';
import { FIGURE_STAGES } from '../patches/figures.ts';
import { DIGEST, DIGEST_OR_NULL, itemsOf, listOf, TIME, TIME_OR_NULL } from './openapi-forms.ts';

export const GOLDEN_PATHS: Paths = {
  '/golden': {
    get: {
      operationId: 'ListGoldenImages',
      tags: ['Golden images'],
      summary: 'List golden images, by name',
      responses: { 200: answer('All of them.', schema('GoldenImages')), ...ANY_FAILURE },
    },
  },
  '/records/{hash}': {
    get: {
      operationId: 'GetRecord',
      tags: ['Patches'],
      summary: 'Get a plan, script, prompt or verdict',
      description: 'JSON for `scan`, `plan`, `verdict` and `seal`; text for the others. It never changes.',
      parameters: [inPath('hash', 'SHA-256 of the text, hexadecimal, as in `records` of a patch.')],
      responses: {
        200: answers('The text, byte for byte.', {
          'application/json': { description: 'Of the kind of the record.' },
          'text/plain': TEXT,
        }),
        404: failure('There is none.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/figures': {
    get: {
      operationId: 'GetFigures',
      tags: ['Status'],
      summary: 'How long it takes from a finding to a proved image',
      description: 'Patches that are open count with the time they have taken so far (Kaplan-Meier).',
      responses: { 200: answer('Figures for each stage.', schema('Figures')), ...ANY_FAILURE },
    },
  },
  '/troubles': {
    get: {
      operationId: 'ListTroubles',
      tags: ['Status'],
      summary: 'List what was set aside, and needs a person',
      responses: { 200: answer('All of it.', schema('Troubles')), ...ANY_FAILURE },
    },
  },
  '/signing-key': {
    get: {
      operationId: 'GetSigningKey',
      tags: ['Status'],
      summary: 'Get the public key that statements are signed with',
      responses: { 200: answers('PEM.', { 'text/plain': TEXT }), ...ANY_FAILURE },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'GetOpenApiDocument',
      tags: ['Status'],
      summary: 'Get this document',
      responses: { 200: answer('OpenAPI 3.1.', { type: 'object' }), ...ANY_FAILURE },
    },
  },
};

const DURATION = {
  type: ['number', 'null'],
  minimum: 0,
  description: 'Milliseconds; null when fewer than that share came to its end.',
};

export const GOLDEN_SCHEMAS: Schemas = {
  GoldenImages: itemsOf('GoldenStatus'),
  GoldenStatus: closed({
    golden: closed({
      name: TEXT,
      title: TEXT_OR_NULL,
      owner: { ...TEXT_OR_NULL, description: 'Entity reference.' },
      system: TEXT_OR_NULL,
      registry: TEXT,
      repository: TEXT,
      tag: TEXT,
    }),
    images: { ...listOf('GoldenImage'), description: 'One for each platform that was read.' },
    problem: { ...TEXT_OR_NULL, description: 'Why it could not be read, or not wholly.' },
    readAt: TIME_OR_NULL,
    usedBy: { ...TEXTS, description: 'Names of applications that stand on it.' },
  }),
  GoldenImage: closed({
    name: TEXT,
    registry: TEXT,
    repository: TEXT,
    tag: TEXT,
    platform: schema('Platform'),
    versions: {
      ...listOf('GoldenVersion'),
      description: 'The newest first; the first is what the tag points to.',
    },
  }),
  GoldenVersion: closed({
    digest: DIGEST,
    indexDigest: { ...DIGEST_OR_NULL, description: 'Null when the tag names the manifest itself.' },
    diffIds: { type: 'array', items: DIGEST },
    layers: { type: 'array', items: DIGEST },
  }),
  Platform: closed({
    os: { ...TEXT, description: 'As `linux`.' },
    architecture: { ...TEXT, description: 'As `amd64`.' },
    variant: { ...TEXT_OR_NULL, description: 'As `v8`.' },
  }),
  Figures: closed({
    patches: { ...COUNT, description: 'Patches that were looked at.' },
    stages: { ...listOf('StageFigures'), description: 'In the order of the stages.' },
  }),
  StageFigures: closed({
    stage: oneOf(
      FIGURE_STAGES,
      '`ours`: from when both the finding and the fix were there to the proof. `exposure`: from the release of the ' +
        'fix to the last workload.',
    ),
    ended: COUNT,
    open: COUNT,
    median: DURATION,
    p95: DURATION,
  }),
  Troubles: itemsOf('Trouble'),
  Trouble: closed({ kind: oneOf(['change-set-aside', 'report', 'golden']), summary: TEXT, at: TIME }),
};
