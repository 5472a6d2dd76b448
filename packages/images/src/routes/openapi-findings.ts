/** Findings and reports in the OpenAPI document. */
import {
  answer,
  ANY_FAILURE,
  closed,
  COUNT,
  failure,
  inPath,
  inQuery,
  oneOf,
  schema,
  TEXT,
  TEXT_OR_NULL,
  TEXTS,
  type Paths,
  type Schemas,
} from '@callboard/kernel/openapi';
import { MAX_PAGE } from '../findings/findings-store.ts';
import { SEVERITIES } from '../receive/finding.ts';
import { MAX_REPORT_BYTES } from '../receive/read-json.ts';
import { FINDING_STATUSES, MAX_NAME, SCANNERS } from './parameters.ts';
import {
  CURSOR,
  DIGEST,
  DIGEST_OR_NULL,
  itemsOf,
  limitInQuery,
  listOf,
  pageOf,
  schemaOrNull,
  TIME,
  TIME_OR_NULL,
  wordsInQuery,
} from './openapi-forms.ts';

const TAKES = `Takes JSON of Trivy (schema 2), Grype, osv-scanner and Amazon Inspector, or a list of such, as the scanner
wrote it and with any content type: at most ${MAX_REPORT_BYTES / 1024 / 1024} MiB. The same report twice changes nothing. What cannot be
used is told in \`diagnostics\`, and the rest is taken.`;

const FILTERS = [
  wordsInQuery('severity', 'Only of these severities.', SEVERITIES),
  wordsInQuery('status', 'Only of these states.', FINDING_STATUSES),
  inQuery('repository', 'Only in images of this repository.', TEXT),
  inQuery('digest', 'Only in the image of this digest.', DIGEST),
  inQuery('vulnerability', 'Only of this vulnerability, as `CVE-2024-6119`.', TEXT),
  inQuery('scanner', 'Only what this scanner said.', oneOf(SCANNERS)),
];

export const FINDING_PATHS: Paths = {
  '/findings': {
    get: {
      operationId: 'ListFindings',
      tags: ['Findings'],
      summary: 'List findings',
      description: 'By identifier. Every filter that is given has to fit.',
      parameters: [limitInQuery('findings', { usual: 100, most: MAX_PAGE }), CURSOR, ...FILTERS],
      responses: { 200: answer('A page of findings.', schema('FindingPage')), ...ANY_FAILURE },
    },
  },
  '/findings/counts': {
    get: {
      operationId: 'CountFindings',
      tags: ['Findings'],
      summary: 'Count findings by status and severity',
      description: 'What there is none of is left out. Every filter that is given has to fit.',
      parameters: FILTERS,
      responses: { 200: answer('The counts.', schema('FindingCounts')), ...ANY_FAILURE },
    },
  },
  '/findings/{id}': {
    get: {
      operationId: 'GetFinding',
      tags: ['Findings'],
      summary: 'Get one finding',
      parameters: [inPath('id', 'The `finding.id`, URL-encoded: it holds slashes.')],
      responses: {
        200: answer('The finding.', schema('StoredFinding')),
        404: failure('There is none.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/reports': {
    post: {
      operationId: 'TakeReport',
      tags: ['Findings'],
      summary: 'Take in the report of a scanner',
      description: TAKES,
      parameters: [
        inQuery('name', 'What the report is called in diagnostics; it stands for an image without a name.', {
          type: 'string',
          minLength: 1,
          maxLength: MAX_NAME,
          default: 'report',
        }),
      ],
      requestBody: {
        required: true,
        description: 'The report.',
        content: { '*/*': { schema: { description: 'JSON of a scanner.' } } },
      },
      responses: {
        200: answer('What was taken.', schema('TakenReport')),
        ...ANY_FAILURE,
        400: answer('Nothing of it can be used.', schema('UnusableReport')),
        413: failure('The report is too large. Scan fewer images at once.'),
      },
    },
  },
};

const SEVERITY = oneOf(
  SEVERITIES,
  '`negligible` is Inspector’s INFORMATIONAL and Debian’s unimportant; `unknown` its UNTRIAGED.',
);
const STATUS = oneOf(
  FINDING_STATUSES,
  '`closed`: the scanner no longer sees it, which is no proof that it was fixed.',
);

export const FINDING_SCHEMAS: Schemas = {
  FindingPage: pageOf('StoredFinding'),
  StoredFinding: closed({
    finding: schema('Finding'),
    firstSeenAt: TIME,
    changedAt: TIME,
    closedAt: TIME_OR_NULL,
    reopened: { ...COUNT, description: 'How often it was closed and came back.' },
  }),
  Finding: closed({
    id: { ...TEXT, description: '`<scanner>/<image digest>/<vulnerability>`, or the ARN of Inspector.' },
    scanner: oneOf(SCANNERS),
    vulnerability: { ...TEXT, description: 'As `CVE-2024-6119`.' },
    aliases: TEXTS,
    severity: SEVERITY,
    status: STATUS,
    image: schema('FoundImage'),
    packages: listOf('AffectedPackage'),
    title: { ...TEXT, description: 'One line of somebody’s text: to be quoted and never followed.' },
    epss: {
      type: ['number', 'null'],
      minimum: 0,
      maximum: 1,
      description: 'The probability of exploitation within 30 days.',
    },
    knownExploited: { type: ['boolean', 'null'] },
    publishedAt: TIME_OR_NULL,
    fixedAt: { ...TIME_OR_NULL, description: 'When the fix was released, in milliseconds since 1970.' },
    updatedAt: TIME,
  }),
  FoundImage: closed({
    digest: { ...DIGEST_OR_NULL, description: 'Of the manifest of one platform.' },
    configDigest: DIGEST_OR_NULL,
    registry: { ...TEXT_OR_NULL, description: 'Host and port.' },
    repository: TEXT_OR_NULL,
    tags: { ...TEXTS, description: 'At the time of the report.' },
    platform: schemaOrNull('Platform'),
    diffIds: { type: 'array', items: DIGEST, description: 'Uncompressed layers, from the base up.' },
    distro: { anyOf: [closed({ id: TEXT, version: TEXT }), { type: 'null' }] },
  }),
  AffectedPackage: closed({
    name: TEXT,
    source: TEXT_OR_NULL,
    kind: oneOf(['deb', 'rpm', 'apk', 'language']),
    version: TEXT,
    fixedVersion: {
      ...TEXT_OR_NULL,
      description: 'The lowest version with the fix; null when none is known.',
    },
    architecture: TEXT_OR_NULL,
    diffId: DIGEST_OR_NULL,
    path: TEXT_OR_NULL,
  }),
  FindingCounts: itemsOf('FindingCount'),
  FindingCount: closed({ status: STATUS, severity: SEVERITY, count: { type: 'integer', minimum: 1 } }),
  TakenReport: closed({
    format: { ...TEXT, description: 'As `trivy`.' },
    findings: COUNT,
    outcome: closed({
      added: { ...COUNT, description: 'Findings that were not there.' },
      changed: { ...COUNT, description: 'Those of which something new is said.' },
      same: { ...COUNT, description: 'Those that were seen again.' },
      stale: { ...COUNT, description: 'Records that are older than what is there, or the same.' },
    }),
    diagnostics: listOf('Diagnostic'),
  }),
  UnusableReport: {
    ...closed(
      {
        error: schema('ErrorText'),
        request: schema('ErrorRequest'),
        response: schema('ErrorStatus'),
        diagnostics: { ...listOf('Diagnostic'), description: 'What is wrong with the report.' },
      },
      ['request', 'diagnostics'],
    ),
  },
  Diagnostic: closed(
    {
      severity: oneOf(['error', 'warning', 'info']),
      code: { ...TEXT, description: 'Stable, `images/<what>`.' },
      summary: TEXT,
      detail: TEXT,
      file: TEXT,
      line: { type: 'integer', minimum: 1 },
      column: { type: 'integer', minimum: 1 },
      path: { ...TEXT, description: 'Path inside the report, as `Results[0].Vulnerabilities[2]`.' },
    },
    ['detail', 'file', 'line', 'column', 'path'],
  ),
};
