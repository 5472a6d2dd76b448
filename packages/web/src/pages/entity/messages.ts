/** The texts of the entity page. */
import { count, plural } from '../../messages.ts';
import type { ShownState } from './shown-state.ts';
import { sizeText } from './size.ts';
import type { CutValue } from './yaml/cut.ts';

/** Relation types by how they read from this entity, in the order of the page. */
export const relationTitles: ReadonlyMap<string, string> = new Map([
  ['ownedBy', 'Owned by'],
  ['partOf', 'Part of'],
  ['hasPart', 'Has parts'],
  ['dependsOn', 'Depends on'],
  ['dependencyOf', 'Dependency of'],
  ['providesApi', 'Provides API'],
  ['consumesApi', 'Consumes API'],
  ['apiProvidedBy', 'API provided by'],
  ['apiConsumedBy', 'API consumed by'],
  ['memberOf', 'Member of'],
  ['hasMember', 'Members'],
  ['childOf', 'Child of'],
  ['parentOf', 'Parent of'],
  ['ownerOf', 'Owner of'],
]);

const states: Readonly<Record<ShownState, { readonly title: string; readonly why: string }>> = {
  ok: {
    title: 'Up to date',
    why: 'The source was read and everything in it is as shown here.',
  },
  broken: {
    title: 'The source has an error',
    why: 'A file on the way to this entity could not be read as a whole. What is shown is the last version that could be read; the problems below say what to correct.',
  },
  failing: {
    title: 'The last reading failed',
    why: 'What is shown is the last version that was good. The problems below say what to correct in the source.',
  },
  stale: {
    title: 'Out of date',
    why: 'A source on the way to this entity could not be read again, so what is shown may be old. The source with the error is marked below.',
  },
  orphaned: {
    title: 'No source has it any more',
    why: 'The file or the location that this entity came from no longer mentions it. It stays because catalog.orphanStrategy is “keep”: until it is deleted through the API, or until a source has it again.',
  },
  pending: {
    title: 'Waiting to be processed',
    why: 'The source was read, and the entity is in the queue. This usually takes less than a second.',
  },
};

export const messages = {
  breadcrumbs: 'Breadcrumbs',
  catalog: 'Catalog',
  views: 'Views of the entity',
  overview: 'Overview',
  yaml: 'YAML',
  source: 'Why?',
  dependencies: 'Dependencies',
  ownership: 'Ownership',
  members: 'Members',
  orgChart: 'Org chart',
  graph: 'Relations',
  history: 'History',
  tabFailed: (title: string) => `The view “${title}” could not be loaded`,
  noSuchView: 'This entity has no such view',
  noSuchViewWhy: 'The address may have a typing error, or the view may be for entities of another kind.',
  toOverview: 'Go to the overview',

  kind: 'Kind',
  type: 'Type',
  lifecycle: 'Lifecycle',
  name: 'Name',

  failed: (reference: string) => `${reference} could not be read`,
  notReread: (reference: string) =>
    `${reference} could not be read again: what is shown is as it was read before`,
  stillLoading: 'Still loading: the server takes its time to answer.',
  removed: (reference: string) => `${reference} was removed from the catalog`,
  removedWhy:
    'It is gone since this page was opened, or you may no longer see it. What is shown is the last version that was read.',
  refreshEntity: 'Read the sources of the entity again',
  more: 'More',
  unregister: 'Unregister…',
  menuFailed: 'That could not be loaded. Load the page again.',
  copyLink: 'Copy the link',
  copyAsYaml: 'Copy as YAML',
  copyFailed: 'Could not be copied',
  download: 'Download',
  hasProblems: 'It has problems',
  andMore: (more: number) => `and ${count(more)} more`,
  hasErrors: (errors: number) => `This entity has ${plural(errors, 'problem', 'problems')}`,
  sourceHasErrors: (errors: number) =>
    `The source of this entity has ${plural(errors, 'problem', 'problems')}`,
  lastGood: 'What is shown is the last version that was good.',
  lastReadable: 'What is shown is the last version that could be read.',
  hasConflict: 'Another source describes this entity too',
  conflictNotUsed: (location: string) => `Not used: ${location}`,
  staleWhy: 'What is shown may be old.',
  isOrphan: 'No source has this entity any more',
  seeSource: 'See where it comes from',

  about: 'About',
  noDescription: 'No description. Write one in metadata.description.',
  owner: 'Owner',
  email: 'E-mail',
  noOwner: 'Nobody',
  role: 'Role',
  tags: 'Tags',
  labels: 'Labels',
  viewSource: 'View source',
  editSource: 'Edit',
  links: 'Links',
  noLinks: 'No links. Add some in metadata.links.',
  unsafeLink: 'This address is not a web or mail address, so it is not a link.',

  annotations: (annotations: number) => plural(annotations, 'annotation', 'annotations'),
  wholeInYaml: 'This is cut; the YAML has more.',

  parts: 'Parts',
  allParts: (parts: number) => `All ${plural(parts, 'part', 'parts')}`,
  noParts: 'Nothing is part of it yet.',
  targets: 'Leads to',
  noTargets: 'It names no target.',
  presence: 'Presence',
  madeBy: 'Made by a template',
  templateVersion: 'Version',
  templateNewer: (version: string) => `The template is at ${version} now.`,
  templateGone: 'The template is in the catalog no more.',
  templateUpgrade:
    '“callboard templates upgrade” brings what has changed since then, as a pull request or a patch.',
  madeFor: 'Started by',
  madeTask: 'Task',
  madeTaskShow: 'Show the task',
  madeValues: (total: number) => plural(total, 'value', 'values'),
  createFrom: 'Create',
  editTemplate: 'Open in the editor',
  template: 'Template',
  templateAsks: 'Asks for',
  templateAsksNothing: 'Nothing: it runs at once.',
  templateSteps: 'Does',
  templateNoSteps: 'It has no steps.',
  templateStep: 'Step',
  required: 'required',
  definition: 'Definition',
  noDefinition: 'No definition. Write one in spec.definition, or name its file with $text.',
  definitionNotText: 'spec.definition has to be a text. This is what it holds:',
  definitionOdd: (type: string) => `This does not look like a definition of type ${type}.`,
  definitionCut: (size: string) => `Only the beginning is shown. The whole is ${size} and can be downloaded.`,
  copyDefinition: 'Copy the definition',
  downloadDefinition: (size: string) => `Download the definition, ${size}`,

  noDependencies: 'Nothing depends on this entity, and it depends on nothing.',
  filterDependencies: 'Filter by name, kind, type or owner',
  someOf: (shown: number, total: number) => `${count(shown)} of ${count(total)}`,
  noneFits: 'Nothing fits the filter.',

  relations: 'Relations',
  noRelations: 'Nothing refers to this entity, and it refers to nothing.',
  missing: 'missing',
  missingWhy: 'Nothing in the catalog has this reference, or you are not allowed to see it.',
  missingNote: (missing: number) =>
    `${plural(missing, 'reference leads', 'references lead')} to nothing: correct the name, or register what is missing.`,
  showMore: (more: number, title: string) => `${plural(more, 'more', 'more')}: ${title.toLowerCase()}`,
  targetsFailed: 'Whether these entities exist could not be found out',

  yamlNote:
    'The entity as the catalog serves it. Relations, status and some annotations are added by the catalog.',
  yamlFailed: 'The YAML could not be shown',
  yamlText: 'YAML of the entity',
  copyYaml: 'Copy the YAML',
  yamlCut: 'This entity is too large to be shown whole. The file that you can download has everything.',
  cutSize: (cut: CutValue) =>
    cut.of === 'text'
      ? `is ${sizeText(cut.size)}, of which the beginning is shown`
      : `has ${plural(cut.size, 'entry', 'entries')}, of which some are left out`,

  sourceFailed: 'Where the entity comes from could not be read',
  states,
  neverShown: {
    title: 'No version of it was good so far',
    why: 'A source describes this entity, and it was never processed without errors. It appears as soon as it is.',
  },
  refresh: 'Refresh now',
  refreshAsked: 'Reading the sources again…',
  refreshDone: 'Read again.',
  refreshSlow: 'The server has the request, and is still busy. This page updates by itself.',
  refreshFailed: 'The server did not accept the refresh',

  chain: 'How it got here',
  chainNote: 'From the configuration down to this entity.',
  chainEntity: 'This entity',
  chainNone: 'No source leads to it.',
  generatedLocation: 'Unnamed location',
  providerConfig: 'app-config.yaml',
  providerConfigNote: 'catalog.locations of the configuration',
  provider: (name: string) => `Provider ${name}`,
  lastRead: 'Read',
  lastChanged: 'Changed',
  nextRead: 'Next read',
  never: 'never',
  onChange: 'when it changes',

  facts: 'Facts',
  location: 'Location',
  originLocation: 'Registered as',
  locationKey: 'Location key',
  locationKeyNote: 'Only the source with this key may change the entity.',
  letInBy: 'Let in by',
  noRule: 'Nothing: what a provider or the configuration itself brings needs no rule.',
  readBy: 'Read by',
  readers: {
    file: 'the reader of files',
    url: 'the reader of URLs',
  } as Readonly<Record<string, string>>,
  processedBy: 'Processed by',
  firstSeen: 'First seen',
  lastProcessed: 'Last processed',

  conflicts: 'Conflicts',
  conflictsWhy:
    'Another source describes an entity with the same reference. The one that came first is shown; the one below is not used. Rename one of the two, or remove it.',
  conflictSeen: 'Seen',
  conflictNamedBy: 'Named by',

  problems: 'Problems',
  severity: { error: 'Error', warning: 'Warning', info: 'Note' },

  notFound: (reference: string) => `${reference} is not in the catalog`,
  notFoundWhy:
    'It may have been renamed or removed, the address may have a typing error, or you may not be allowed to see it.',
  notYet: (reference: string) => `${reference} is known, but cannot be shown yet`,
  similar: 'Did you mean',
  searchCatalog: (name: string) => `Search the catalog for “${name}”`,
} as const;
