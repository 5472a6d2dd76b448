/** What a patch looks like in the OpenAPI document. */
import { closed, COUNT, oneOf, schema, TEXT, TEXT_OR_NULL, type Schemas } from '@callboard/kernel/openapi';
import { PATCH_STAGES, PATCH_STATES, type RecordKind } from '../patches/patch.ts';
import type { LeftOverReason } from '../plan/assess.ts';
import { CHECKS } from '../prove/verdict.ts';
import { DIGEST, HASH, listOf, schemaOrNull, TIME, TIME_OR_NULL } from './openapi-forms.ts';

const STATES = `\`waiting\` for more findings, or for its turn; \`running\`, and \`stage\` says where;
\`awaiting-approval\` of a person; \`parked\` until a person has seen to what \`reason\` says. All others have ended:
\`clean\`, as nothing is to be fixed; \`deferred\`, as the plan says to wait or to take another base; \`refused\` by the
gate; \`unproved\`, as a check failed; \`proved\`, with the tag left to a person; \`promoted\`; \`rolled-back\`;
\`cancelled\`.`;

const LEFT_OVER: Readonly<Record<LeftOverReason, true>> = {
  'no-fix': true,
  language: true,
  'not-installed': true,
  'not-in-mirror': true,
  held: true,
  'end-of-life': true,
  'already-fixed': true,
  'unreadable-version': true,
  unmanaged: true,
};

const RECORDS: Readonly<Record<RecordKind, string>> = {
  scan: 'What the scanner said of the base.',
  plan: 'Canonical JSON.',
  script: 'The readable patch script.',
  prompt: 'What a model was asked.',
  answer: 'What a model said.',
  verdict: 'Canonical JSON.',
  seal: 'The signed verdict.',
};

const MOMENTS = {
  published: 'The first of its vulnerabilities was published.',
  fixReleased: 'The first fix was released.',
  received: 'The first finding arrived.',
  planned: 'A plan passed the gate, and the person whom the policy asks.',
  built: 'The image was built.',
  proved: 'It was proved.',
  promoted: 'The golden tag was moved.',
  rolledOut: 'The last that runs the old digest was moved to the new one.',
};

export const PATCH_SCHEMAS: Schemas = {
  Patch: {
    ...closed({
      id: TEXT,
      golden: { ...TEXT, description: 'Of the golden image, as in the configuration.' },
      base: { ...schema('ImageAt'), description: 'What is patched.' },
      platform: schema('Platform'),
      state: oneOf(PATCH_STATES, STATES),
      stage: {
        type: ['string', 'null'],
        enum: [...PATCH_STAGES, null],
        description: 'Where it is, or where it ended; null before it began.',
      },
      reason: { ...TEXT_OR_NULL, description: 'Why it is in this state, in one line.' },
      job: { ...TEXT_OR_NULL, description: 'Of the job that works on it.' },
      times: schema('PatchTimes'),
      createdAt: TIME,
      updatedAt: TIME,
      findings: { ...COUNT, description: 'How many findings act.' },
      records: schema('PatchRecords'),
      built: { ...schemaOrNull('ImageAt'), description: 'The patched image.' },
      checks: {
        anyOf: [listOf('CheckResult'), { type: 'null' }],
        description: 'What was proved; null before the verdict.',
      },
      fixable: {
        anyOf: [closed({ before: COUNT, after: COUNT }), { type: 'null' }],
        description: 'Fixable findings; null before the verdict.',
      },
      gate: { ...listOf('GateReason'), description: 'What the gate asks of a person, or refuses.' },
      leftOver: listOf('LeftOver'),
      approval: schemaOrNull('GivenApproval'),
      promotions: { ...listOf('Promotion'), description: 'One for each golden tag that was moved.' },
      attestations: {
        type: 'array',
        items: DIGEST,
        description: 'Digests of the attached, signed statements.',
      },
    }),
    description:
      'One run of the pipeline over one digest of a golden image. Times are milliseconds since 1970.',
  },
  PatchTimes: closed(
    Object.fromEntries(
      Object.entries(MOMENTS).map(([name, what]) => [
        name,
        {
          ...(name === 'received' ? TIME : TIME_OR_NULL),
          description: `${what} Milliseconds since 1970${name === 'received' ? '' : ', or null'}.`,
        },
      ]),
    ),
  ),
  PatchRecords: {
    ...closed(
      Object.fromEntries(
        Object.entries(RECORDS).map(([kind, description]) => [kind, { ...HASH, description }]),
      ),
      Object.keys(RECORDS),
    ),
    description: 'Hashes of records, by what they are.',
  },
  ImageAt: closed({
    registry: { ...TEXT, description: 'Host and port.' },
    repository: TEXT,
    digest: DIGEST,
  }),
  CheckResult: closed({
    id: oneOf(CHECKS),
    ok: { type: 'boolean' },
    detail: { ...TEXT, description: 'What is wrong, or what was missing; empty when it is all right.' },
  }),
  GateReason: closed({
    check: TEXT,
    package: { ...TEXT_OR_NULL, description: 'Null when it is about the whole.' },
    text: TEXT,
  }),
  LeftOver: closed({
    finding: { ...TEXT, description: 'The id of the finding.' },
    vulnerability: TEXT,
    package: TEXT,
    reason: oneOf(Object.keys(LEFT_OVER)),
  }),
  GivenApproval: closed({ by: TEXT, at: TIME, reason: TEXT, planHash: HASH }),
  Promotion: closed({
    at: closed({ registry: TEXT, repository: TEXT }),
    tag: TEXT,
    patchTag: { ...TEXT, description: 'Never moves: `<tag>-p<yyyymmdd>.<n>`.' },
    beforeTag: { ...TEXT, description: 'Never moves, and keeps what was golden before.' },
    previous: DIGEST,
    current: DIGEST,
  }),
  PatchLine: closed({ number: { type: 'integer', minimum: 1 }, at: TIME, text: TEXT }),
};
