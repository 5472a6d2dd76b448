/**
 * What the portal's own fields are, for the list of fields. It stands beside them and not in them, so that a form that is
 * filled in does not load it.
 */
import type { JsonObject } from '@callboard/model';

export interface DescribedField {
  readonly description: string;
  /** JSON Schemas of the value, and of `ui:options` as far as the field reads them. */
  readonly schema: { readonly returnValue: JsonObject; readonly uiOptions?: JsonObject };
  /** Properties of a page, as YAML. */
  readonly example: string;
}

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const FLAG = { type: 'boolean' };

function options(properties: JsonObject): JsonObject {
  return { type: 'object', properties };
}

const FILTER = {
  catalogFilter: {
    description:
      'Which entities: an object whose entries all have to hold, or a list of such objects. Values are texts, lists of texts, or `{exists: true}`.',
    anyOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }],
  },
};
const FREE = {
  allowArbitraryValues: { ...FLAG, default: true, description: 'Whether something else may be typed.' },
};
const KINDS = { ...TEXTS, description: 'Kinds of entities, where there is no `catalogFilter`.' };
const AUTO_SELECT = {
  autoSelect: {
    ...FLAG,
    default: true,
    description: 'Takes over what is marked in the list when the field is left.',
  },
};
const NAMESPACE = {
  defaultNamespace: { ...TEXT, description: 'Of what is typed without one.' },
};
const DEFAULT_KIND = { defaultKind: { ...TEXT, description: 'Of what is typed without one.' } };
const CREDENTIALS = {
  requestUserCredentials: {
    type: 'object',
    description: 'Suggestions are made with a token of the person, when the form has one.',
    properties: { secretsKey: { ...TEXT, description: 'Under which secret of the form it is.' } },
  },
};
const REF = { ...TEXT, description: 'Reference of an entity, as `component:default/shop`.' };

/** By name. */
export const DESCRIBED_FIELDS: Readonly<Record<string, DescribedField>> = {
  EntityNamePicker: {
    description:
      'A name for a new entity. It is checked for what names may have: letters, digits, `-`, `_` and `.`.',
    schema: { returnValue: { ...TEXT, description: 'The name.' } },
    example: 'name:\n  type: string\n  title: Name\n  ui:field: EntityNamePicker\n',
  },
  EntityPicker: {
    description: 'One entity of the catalog. The catalog is searched as somebody types, however large it is.',
    schema: {
      returnValue: REF,
      uiOptions: options({
        ...FILTER,
        allowedKinds: KINDS,
        ...FREE,
        ...AUTO_SELECT,
        ...DEFAULT_KIND,
        ...NAMESPACE,
      }),
    },
    example:
      'system:\n  type: string\n  title: System\n  ui:field: EntityPicker\n  ui:options:\n    catalogFilter:\n      kind: System\n',
  },
  EntityTagsPicker: {
    description: 'Tags: those that entities have already are suggested, and new ones can be typed.',
    schema: {
      returnValue: { ...TEXTS, description: 'The tags; an empty list when there are none.' },
      uiOptions: options({
        kinds: { ...TEXTS, description: 'Only tags of entities of these kinds are suggested.' },
        showCounts: { ...FLAG, default: false, description: 'Shows how many entities have each tag.' },
        helperText: { ...TEXT, description: 'Says what the tags are for, where there is no description.' },
      }),
    },
    example:
      'tags:\n  type: array\n  items: {type: string}\n  title: Tags\n  ui:field: EntityTagsPicker\n  ui:options:\n    kinds: [Component]\n    showCounts: true\n',
  },
  MultiEntityPicker: {
    description: 'Several entities of the catalog. `maxItems` of the schema says how many at most.',
    schema: {
      returnValue: { type: 'array', items: REF },
      uiOptions: options({ ...FILTER, allowedKinds: KINDS, ...FREE, ...DEFAULT_KIND, ...NAMESPACE }),
    },
    example:
      'apis:\n  type: array\n  items: {type: string}\n  title: APIs that it uses\n  ui:field: MultiEntityPicker\n  ui:options:\n    catalogFilter:\n      kind: API\n',
  },
  MyGroupsPicker: {
    description:
      'One of the groups that the person is a member of. The only one is chosen by itself where one is required.',
    schema: { returnValue: { ...TEXT, description: 'Reference of a group, as `group:default/sre`.' } },
    example: 'team:\n  type: string\n  title: Your team\n  ui:field: MyGroupsPicker\n',
  },
  OwnedEntityPicker: {
    description: 'One of the entities that the person owns, alone or through a group.',
    schema: {
      returnValue: REF,
      uiOptions: options({
        ...FILTER,
        allowedKinds: { ...TEXTS, description: 'Kinds of entities.' },
        ...FREE,
        ...AUTO_SELECT,
        ...DEFAULT_KIND,
        ...NAMESPACE,
      }),
    },
    example:
      'component:\n  type: string\n  title: One of your components\n  ui:field: OwnedEntityPicker\n  ui:options:\n    allowedKinds: [Component]\n',
  },
  OwnerPicker: {
    description: 'Who is going to own it: a group or a user. What is typed without a kind is a group.',
    schema: {
      returnValue: { ...TEXT, description: 'Reference of a group or a user, as `group:default/sre`.' },
      uiOptions: options({
        ...FILTER,
        allowedKinds: { ...KINDS, default: ['Group', 'User'] },
        ...FREE,
        ...AUTO_SELECT,
        ...NAMESPACE,
      }),
    },
    example:
      'owner:\n  type: string\n  title: Owner\n  ui:field: OwnerPicker\n  ui:options:\n    catalogFilter:\n      kind: Group\n      spec.type: team\n',
  },
  RepoBranchPicker: {
    description:
      'A branch of the repository that the field `repoUrl` of the form names. With a token it suggests those there are.',
    schema: {
      returnValue: { ...TEXT, description: 'Name of the branch.' },
      uiOptions: options(CREDENTIALS),
    },
    example:
      'repoUrl:\n  type: string\n  title: Repository\n  ui:field: RepoUrlPicker\nbranch:\n  type: string\n  title: Branch\n  ui:field: RepoBranchPicker\n',
  },
  RepoOwnerPicker: {
    description:
      'An owner of repositories: an organization, or a user. With a token it suggests those that the person sees.',
    schema: {
      returnValue: { ...TEXT, description: 'Name of the owner.' },
      uiOptions: options({
        host: { ...TEXT, description: 'Of the forge, as `github.com`.' },
        excludedOwners: { ...TEXTS, description: 'Those that may not be chosen.' },
        ...CREDENTIALS,
      }),
    },
    example:
      'organization:\n  type: string\n  title: Organization\n  ui:field: RepoOwnerPicker\n  ui:options:\n    host: github.com\n    excludedOwners: [sandbox]\n',
  },
  RepoUrlPicker: {
    description:
      'Where a repository is, or is going to be: the host, and what its forge needs to know beside the name.',
    schema: {
      returnValue: {
        ...TEXT,
        description: 'As `github.com?owner=harbourline&repo=shop`; for `publish:` actions.',
      },
      uiOptions: options({
        allowedHosts: { ...TEXTS, description: 'Default: the hosts of the portal’s integrations.' },
        allowedOwners: { ...TEXTS, description: 'On Bitbucket: workspaces.' },
        allowedOrganizations: { ...TEXTS, description: 'On Azure DevOps.' },
        allowedProjects: { ...TEXTS, description: 'On Azure DevOps and Bitbucket.' },
        allowedRepos: { ...TEXTS, description: 'Names of repositories.' },
        disableRepoAutocomplete: { ...FLAG, default: false, description: 'Suggests no names.' },
        ownerLabel: { ...TEXT, description: 'What the owner is called.' },
        ownerDescription: { ...TEXT, description: 'What the owner is.' },
        repoLabel: { ...TEXT, description: 'What the repository is called.' },
        repoDescription: { ...TEXT, description: 'What the repository is.' },
        ...CREDENTIALS,
      }),
    },
    example:
      'repoUrl:\n  type: string\n  title: Repository\n  ui:field: RepoUrlPicker\n  ui:options:\n    allowedHosts: [github.com]\n    allowedOwners: [harbourline]\n',
  },
  Secret: {
    description:
      'Something that nobody may see: it is kept apart from the values, in this browser, until the task has it. Steps read it as `secrets.<name>`.',
    schema: { returnValue: { ...TEXT, description: 'Asterisks, as many as there are characters.' } },
    example: 'token:\n  type: string\n  title: Token\n  minLength: 8\n  ui:field: Secret\n',
  },
};

/** What is chosen from options that rules list. No name of a field is needed. */
export const FIELD_BY_RULES: Omit<DescribedField, 'schema'> & { readonly schema: JsonObject } = {
  description:
    'Anything to choose from, without a field of its own: the property says where its options come from. Few are seen all at once, many are searched; a list (`type: array`) takes several. It may read the other fields, and is asked again when they change.',
  schema: {
    type: 'object',
    properties: {
      static: {
        description: 'A list of values, or of `{value, label, description, group}`; or an expression.',
      },
      catalog: {
        type: 'object',
        description: 'Entities: `{filter: …}`, as `catalogFilter` of EntityPicker.',
      },
      http: {
        type: 'object',
        description: 'Another system, asked by the server.',
        properties: {
          endpoint: { ...TEXT, description: 'Of `scaffolder.forms.endpoints` in the configuration.' },
          path: { ...TEXT, description: 'Below the endpoint; `${{ form.team }}` puts values in.' },
          url: { ...TEXT, description: 'Instead of an endpoint, at a host that is allowed.' },
          method: { enum: ['GET', 'POST'], default: 'GET' },
          query: { type: 'object' },
          headers: { type: 'object' },
          body: {},
        },
      },
      provider: {
        ...TEXT,
        description: 'Something that a plugin lists, as `aws:accounts`; `with` is given to it.',
      },
      with: { type: 'object' },
      items: { ...TEXT, description: 'JSONata: from the answer to the list.' },
      value: {
        ...TEXT,
        description: 'JSONata: from an item to its value. So are `label`, `description` and `group`.',
      },
      whenEmpty: {
        enum: ['wait', 'ask'],
        default: 'wait',
        description: 'Whether it is asked before all that it reads has a value.',
      },
      gives: {
        enum: ['options', 'value'],
        default: 'options',
        description: '`value`: the answer is suggested, and nothing is chosen.',
      },
    },
  },
  example: `size:
  type: string
  title: Size
  ui:source:
    static: [small, medium, large]
machine:
  type: string
  title: Machine
  ui:source:
    static: "form.size = 'small' ? ['a1', 'a2'] : ['b1', 'b2', 'b3']"
  ui:default: options[0].value
`,
};
