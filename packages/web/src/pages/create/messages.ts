/** The texts of the pages that make something from a template. */
import { count, plural } from '../../messages.ts';

export const messages = {
  title: 'Create',
  pages: 'Templates',
  templates: 'Templates',
  tasks: 'Tasks',
  approvals: 'Approvals',
  editor: 'Editor',
  actions: 'Actions',
  fields: 'Fields',
  extensions: 'Expressions',

  failedTemplates: 'The templates could not be read',
  search: 'Find a template',
  searchKeys: 'Press / to search',
  searchHint: 'Title, name, tag…',
  show: 'Which templates',
  showNames: { all: 'All', starred: 'Starred', mine: 'Mine' },
  type: 'Category',
  tag: 'Tag',
  owner: 'Owner',
  any: 'Any',
  clear: 'Clear',
  found: (total: number) => plural(total, 'template', 'templates'),
  more: (left: number) => `Show ${count(left)} more`,
  ownedBy: 'by',
  noOwner: 'Nobody is named as its owner.',
  noTemplates: 'There are no templates yet',
  noTemplatesWhy:
    'A template asks a few questions and then makes a repository, or anything else, the way your company wants it. It is a file in a repository: register its address, and it is here.',
  noTemplatesExample: `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: new-service
  title: A new service
spec:
  type: service
  owner: group:default/platform
  parameters:
    - title: About it
      required: [name]
      properties:
        name:
          type: string
          title: Name
          ui:field: EntityNamePicker
  steps:
    - id: fetch
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}`,
  register: 'Register a template',
  howTo: 'Backstage’s guide to writing templates',
  noMatch: 'No template fits this choice',
  noMatchWhy: 'Try fewer words, or clear the filters.',
  clearAll: 'Clear the filters',

  failedForm: 'The form could not be read',
  notFound: 'There is no such template',
  notFoundWhy: (ref: string) =>
    `${ref} is not in the catalog, or you may not see it. It may have been renamed.`,
  toTemplates: 'All templates',
  about: 'About this template',
  crashed: 'This page of the form cannot be shown',
  crashedWhy:
    'The template describes it in a way that cannot be drawn. Its author has to mend it; what you typed on the other pages is kept.',
  warnings: (total: number) => `${plural(total, 'thing', 'things')} in this template will not work`,
  warningsWhy: 'You can go on, but the run may fail. Tell its owner.',
  approvalAhead: 'Somebody has to agree before it runs',
  approvalBy: 'Asked will be',
  noPages: 'This template asks for nothing.',

  steps: 'Pages of the form',
  untitled: (at: number) => `Page ${count(at)}`,
  isDone: 'done',
  hasProblems: 'has problems',
  review: 'Review',
  reviewOf: 'Check what you entered',
  back: 'Back',
  next: 'Next',
  create: 'Create',
  creating: 'Starting…',
  checking: 'Checking…',
  problems: (total: number) => `${plural(total, 'thing is', 'things are')} missing or wrong`,
  failedStart: 'It could not be started',
  refused: 'The portal did not take these values',
  refusedElsewhere: 'These belong to no field that you can see:',
  failedCheck: (name: string) => `“${name}” could not be checked`,
  kept: 'What you typed before is here again.',
  startOver: 'Start over',
  prefilled: 'Some fields were filled in by the link that you followed.',
  badPrefill: 'The link that you followed has values in it that could not be read. The form starts empty.',
  unknownDecorators: (names: string) =>
    `This template wants to be changed by ${names} before it is sent, which this portal does not have. Its owner should know.`,
  failedDecorator: (name: string) => `“${name}” could not prepare the form`,
  nothingEntered: 'Nothing was entered.',
  otherValues: 'Other values',
  edit: (page: string) => `Change ${page}`,
  change: 'Change',
  yes: 'Yes',
  no: 'No',
  empty: 'nothing',
  hiddenValue: '******',

  suggested: 'Suggested',
  restore: (value: string) => `Restore suggestion: ${value}`,
  accept: 'OK',
  replaced: (entered: string, title: string) => `“${entered}” is no longer possible for “${title}”.`,
  replacedFor: (entered: string, cause: string) => `“${entered}” is not possible with ${cause}.`,
  cause: (title: string, value: string) => `${title} “${value}”`,
  taken: (value: string) => `“${value}” was taken instead.`,
  chooseAgain: 'Please choose again.',
  nowIs: (title: string, value: string) => `${title} is now “${value}”.`,
  appeared: (title: string) => `${title} is asked for, too.`,
  disappeared: (title: string) => `${title} is no longer asked for.`,
  choicesFailed: (title: string) => `The choices of ${title} could not be loaded.`,
  fixedUntil: 'Cannot be changed yet. It waits for',
  fixedBy: 'Cannot be changed. It follows from',
  isFixed: 'Cannot be changed here.',
  ruleFailed: 'A rule of this field does not work:',
  suggestFailed: (why: string) => `has a suggestion that failed: ${why}`,
  first: 'Fill in first:',
  loadingChoices: 'Loading the choices…',
  failedChoices: 'The choices could not be loaded.',
  noChoices: 'There is nothing to choose from.',
  manyChoices: (total: number) => `${count(total)} choices. Type to find one.`,
  retry: 'Try again',
  settling: 'Waiting for answers…',
  missingValue: 'is required',

  required: 'required',
  add: 'Add',
  addTo: (title: string) => `Add to ${title}`,
  addEntry: 'Add an entry',
  remove: (what: string) => `Remove ${what}`,
  moveUp: (what: string) => `Move ${what} up`,
  moveDown: (what: string) => `Move ${what} down`,
  copyItem: (what: string) => `Copy ${what}`,
  item: (at: number) => `item ${count(at)}`,
  noItems: 'Nothing yet.',
  entryName: 'Name of the entry',
  chooseOne: 'Choose…',
  reveal: 'Show what is typed',
  see: 'Show',
  hide: 'Hide',
  file: 'Choose a file',
  fileTooLarge: (size: string) => `A file may have at most ${size}.`,
  fileFailed: 'The file could not be read.',
  unsupported: 'This field cannot be drawn',
  missingField: (name: string) => `The field “${name}” is not in this portal`,
  missingWidget: (name: string) => `The control “${name}” does not fit here`,
  missingReference: (name: string) => `The template refers to “${name}”, which is not in it`,
  missingLayout: (name: string) => `The layout “${name}” is not in this portal`,
  missingWhy: {
    field:
      'The template asks for it by name. Whoever runs the portal can add it with a plugin; its author can choose another one. Until then the plain value can be given here.',
    widget:
      'It does not exist, or draws another type of value. The author of the template can choose another one; the usual control stands here instead.',
    layout:
      'The template asks for it by name. Whoever runs the portal can add it with a plugin. Until then the fields stand below each other.',
    reference: 'The author of the template has to mend it. A text can be given here meanwhile.',
  },

  searching: 'Searching…',
  noneFound: 'Nothing fits.',
  noneFoundFree: 'Nothing fits; what you typed is taken as it is.',
  moreFound: (left: number) => `${count(left)} more. Type to find them.`,
  failedSearch: 'The catalog could not be searched.',
  clearValue: 'Clear',
  open: 'Show the choices',
  notFoundRef: 'not in the catalog',
  onlyOne: 'It is the only one there is.',

  entityName: 'Name',
  entityNameHint: 'The name in the catalog: letters, digits, “-”, “_” and “.”, at most 63.',
  entityNameWrong:
    'has to be letters, digits, “-”, “_” or “.”, begin and end with a letter or digit, and have at most 63 characters',
  entity: 'Entity',
  entities: 'Entities',
  ownerHint: 'Who owns it: a group or a user',
  owned: 'One of yours',
  myGroups: 'One of your groups',
  noGroups: 'The catalog knows no group that you are a member of.',
  tags: 'Tags',
  tagsHint: 'Type one and press Enter.',
  tagWrong: (tag: string) =>
    `“${tag}” is no tag: lower-case letters, digits, “+”, “#”, “:” and “-”, at most 63.`,
  tagCount: (tag: string, total: number) => `${tag} (${count(total)})`,
  mostItems: (most: number) => `At most ${count(most)} can be chosen.`,
  removeValue: (value: string) => `Remove ${value}`,
  values: 'Chosen',

  host: 'Host',
  hostHint: 'Where the repository will be.',
  ownerOf: {
    github: 'Owner',
    gitlab: 'Group',
    gitea: 'Owner',
    gerrit: 'Owner',
    bitbucketCloud: 'Owner',
    bitbucketServer: 'Owner',
    azure: 'Owner',
    unknown: 'Owner',
  },
  ownerOfHint: {
    github: 'The organisation, or the person, that it will belong to.',
    gitlab: 'The group, or the person, that it will belong to; groups in groups with a “/” between.',
    gitea: 'The organisation, or the person, that it will belong to.',
    gerrit: 'The owners of the project; may stay empty.',
    bitbucketCloud: '',
    bitbucketServer: '',
    azure: '',
    unknown: 'Who it will belong to.',
  },
  organization: 'Organisation',
  organizationHint: 'The organisation of Azure DevOps.',
  project: 'Project',
  projectHint: 'The project that the repository will be in.',
  workspace: 'Workspace',
  workspaceHint: 'The workspace that the repository will be in.',
  parent: 'Parent',
  parentHint: 'The project that it inherits its rights from.',
  repo: 'Repository',
  repoHint: 'The name of the repository.',
  repoIncomplete: (part: string) => `“${part}” is missing`,
  repoHostRefused: (host: string, allowed: string) => `has to be on ${allowed}, not on ${host}`,
  credentials:
    'The template asks to act as you at the forge. This portal cannot ask for that; its own account is used instead.',
  branch: 'Branch',
  branchHint: 'The branch of the repository.',
  repoOwner: 'Owner',
  repoOwnerExcluded: (owner: string) => `“${owner}” is not wanted here by the template.`,
  secret: 'Secret',
  secretHint: 'It is sent once, kept encrypted for as long as it is needed, and never shown.',
} as const;
