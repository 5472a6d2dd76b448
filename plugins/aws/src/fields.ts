/**
 * The fields, as declarations that the author of a template could have written: where the options come from, what is
 * suggested, and that nothing can be chosen before there is an account. No code of theirs runs anywhere.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { FieldDeclaration } from '@callboard/plugin';
import type { AwsConfig } from './config.ts';
import { GROUPINGS } from './config.ts';

const TEXT = { type: 'string' } as const;
const TEXTS = { type: ['string', 'array'], items: TEXT } as const;

/** Which of several options is suggested when the template prefers none: the first, or only one that is alone. */
type Suggested = 'first' | 'only';

/** A list of the configuration is in an order that somebody chose; one of AWS is in none. */
export function createFields(config: AwsConfig): Readonly<Record<string, FieldDeclaration>> {
  const roles = config.identityCenter === null ? 'first' : 'only';
  const regions = config.accountApi === null || config.regions !== null ? 'first' : 'only';
  return {
    AwsAccountPicker: accountPicker,
    AwsRolePicker: pickerOf({ what: 'role', provider: 'aws:roles', suggested: roles }),
    AwsRegionPicker: pickerOf({ what: 'region', provider: 'aws:regions', suggested: regions }),
    AwsEnvironmentPicker: environmentPicker,
  };
}

const accountPicker: FieldDeclaration = {
  description:
    'Chooses an AWS account that the person may use, and suggests the one that is named after another field.',
  schema: {
    returnValue: TEXT,
    uiOptions: {
      type: 'object',
      properties: {
        autofillFrom: {
          ...TEXT,
          description:
            'The field it follows (`service`, `aws.service`, `item.service` in a list). Suggested is the account whose name is in `<value>-account`, whatever the case; of several the longest name, then the first by name.',
        },
        output: { enum: ['id', 'name'], default: 'id', description: 'What the value of the field is.' },
        groupBy: { enum: GROUPINGS, description: 'Default: `aws.groupBy` of the configuration, else `ou`.' },
        environment: { ...TEXTS, description: 'Only accounts of it, or of one of them. Default: all.' },
      },
    },
  },
  examples: [
    {
      description: 'The account of a service',
      example: [
        'account:',
        '  title: AWS account',
        '  type: string',
        '  ui:field: AwsAccountPicker',
        '  ui:options:',
        '    autofillFrom: service',
        '',
      ].join('\n'),
    },
  ],
  expand: ({ autofillFrom, output, groupBy, environment }) => ({
    'ui:source': {
      provider: 'aws:accounts',
      with: given({ groupBy, environment }),
      value: output === 'name' ? 'name' : 'id',
      label: 'name',
      // Its group says the environment already, when it is one.
      description: "group = environment ? id : $join([id, environment], ' · ')",
      group: 'group',
    },
    ...(isText(autofillFrom) && { 'ui:default': accountNamedAfter(autofillFrom) }),
  }),
};

/** The suggested account, as an expression. An empty field suggests none, whatever accounts are called. */
export function accountNamedAfter(field: string): string {
  const value = formPath(field);
  return [
    `${value} ? (`,
    `$wanted := $lowercase($string(${value}) & '-account');`,
    '$named := options[$contains($wanted, $lowercase(label))];',
    '($named^(>$length(label), label))[0].value',
    ')',
  ].join(' ');
}

interface Picker {
  readonly what: 'role' | 'region';
  readonly provider: string;
  readonly suggested: Suggested;
}

function pickerOf({ what, provider, suggested }: Picker): FieldDeclaration {
  return {
    description: `Chooses a ${what} of the AWS account that another field has.`,
    schema: {
      returnValue: TEXT,
      uiOptions: {
        type: 'object',
        properties: {
          account: ACCOUNT_OPTION,
          prefer: {
            ...TEXTS,
            description: `The ${what}s to suggest: the first of them that the account has.`,
          },
        },
      },
    },
    examples: [exampleOf({ field: `Aws${titleOf(what)}Picker`, key: what, title: titleOf(what) })],
    expand: ({ account, prefer }) => ({
      ...followAccount(account, provider),
      'ui:default': preferredOf(textsOf(prefer), suggested),
    }),
  };
}

const ACCOUNT_OPTION = {
  ...TEXT,
  default: 'account',
  description: 'The field that has the account, by id or by name.',
} as const;

const environmentPicker: FieldDeclaration = {
  description: 'The environment of the AWS account that another field has.',
  schema: { returnValue: TEXT, uiOptions: { type: 'object', properties: { account: ACCOUNT_OPTION } } },
  examples: [exampleOf({ field: 'AwsEnvironmentPicker', key: 'environment', title: 'Environment' })],
  // For an account without one, the environments of the others can be chosen (they have a group), and none is suggested.
  expand: ({ account }) => ({
    ...followAccount(account, 'aws:environments'),
    'ui:default': 'options[$not($exists(group))][0].value',
  }),
};

function followAccount(account: JsonValue | undefined, provider: string): JsonObject {
  const path = formPath(isText(account) ? account : 'account');
  return {
    'ui:source': {
      provider,
      with: { account: `\${{ ${path} }}` },
      value: 'name',
      label: 'name',
      description: 'description',
      group: 'group',
    },
    'ui:disabled': `${path} ? false : true`,
  };
}

function preferredOf(prefer: readonly string[], suggested: Suggested): string {
  const otherwise = suggested === 'first' ? 'options[0].value' : '$count(options) = 1 ? options[0].value';
  if (prefer.length === 0) return otherwise;
  return [
    '(',
    '$there := options.value;',
    `$best := $filter(${JSON.stringify(prefer)}, function($one) { $one in $there })[0];`,
    `$exists($best) ? $best : (${otherwise})`,
    ')',
  ].join(' ');
}

/**
 * `service`, `aws.service`, `/aws/service` and `form.service` as paths of an expression; `item.service` is a field beside it
 * in a list.
 */
function formPath(field: string): string {
  if (field.startsWith('/'))
    return ['form', ...field.slice(1).split('/').map(unescaped).map(quoted)].join('.');
  const [first = '', ...rest] = field.split('.');
  const isRooted = rest.length > 0 && (first === 'form' || first === 'item');
  const names = isRooted ? rest : [first, ...rest];
  return [isRooted ? first : 'form', ...names.map(quoted)].join('.');
}

/** A name in a JSON Pointer (RFC 6901). */
function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(?:and|or|in|true|false|null)$/.test(name)
    ? name
    : `\`${name.replaceAll('`', '')}\``;
}

function exampleOf({
  field,
  key,
  title,
}: {
  readonly field: string;
  readonly key: string;
  readonly title: string;
}) {
  const example = `${key}:\n  title: ${title}\n  type: string\n  ui:field: ${field}\n`;
  return { description: `Of the account in the field \`account\``, example };
}

const titleOf = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
const isText = (value: JsonValue | undefined): value is string => typeof value === 'string' && value !== '';

function textsOf(value: JsonValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter(isText);
}

function given(entries: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
