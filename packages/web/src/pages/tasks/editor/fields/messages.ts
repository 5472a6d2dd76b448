/** The texts of the picture of a form: what its fields are now, and why. */
import { count, plural } from '../../../../messages.ts';

export const messages = {
  picture: 'What depends on what',
  pictureWhy:
    'An arrow leads from a field to those that follow from it. Choose a field to see why it is as it is.',
  loading: 'The form is being read…',
  loose: (fields: number) => `${plural(fields, 'field', 'fields')} on ${fields === 1 ? 'its' : 'their'} own`,
  noRules: 'The fields of this form do not depend on each other',
  noRulesWhy:
    'A field can list what there is to choose from, appear when another has a value, suggest one, or refuse one. Such rules are written beside its type, and read the other fields:',
  noRulesExample: `region:
  type: string
  title: Region
  ui:source:
    static: [eu-central-1, eu-west-1]
  ui:visible: form.kind = 'service'
  ui:default: "'eu-central-1'"`,
  noRulesMore: 'docs/forms.md explains all of them. What templates can choose from is listed under',
  fieldsPage: 'Fields',

  marks: {
    absent: 'not there',
    hidden: 'hidden',
    disabled: 'fixed',
    required: 'required',
    suggested: 'suggested',
    replaced: 'replaced',
    waiting: 'waits',
    loading: 'asks…',
    failed: 'source failed',
    wrong: 'wrong',
    rule: 'rule broken',
  },
  noValue: 'no value',
  page: (number: number) => `Page ${count(number)}`,
  dependsOn: 'Depends on',
  neededBy: 'Followed by',

  problems: 'Problems of the rules',
  ring: 'These fields depend on each other in a ring:',
  ringLeft: 'One rule of the ring is left out, so that the rest works.',
  toLine: (line: number) => `Line ${count(line)}`,
  toYaml: 'Go to its line',
  openField: 'Fill it in',

  gone: 'This field is not in the form any more.',
  value: 'Value',
  origins: { entered: 'entered', suggested: 'suggested', none: '' },
  suggestion: 'Suggestion',
  source: 'Source',
  options: 'Options',
  more: (left: number) => `and ${count(left)} more`,
  optionsCount: (total: number) => plural(total, 'option', 'options'),
  sources: {
    static: 'A list in the template',
    catalog: 'Entities of the catalog',
    http: 'Another system, over HTTP',
    provider: (name: string) => `A plugin: ${name}`,
  },
  statuses: {
    waiting: 'waits for other fields',
    loading: 'is being asked',
    ready: 'answered',
    failed: 'failed',
  },
  retry: 'Ask again',
  rules: 'Rules',
  rule: {
    visible: 'Visible when',
    disabled: 'Fixed when',
    required: 'Required when',
    suggest: 'Suggests',
    options: 'Options',
    check: 'Has to hold',
    condition: 'Branch of the schema',
  },
  read: 'read',
  gave: 'gave',
  gaveNothing: 'nothing',
  failedWith: 'failed:',
  item: (index: number) => `Item ${count(index + 1)}`,
  noReasons: 'It has no rules: its value is what somebody enters.',

  quoted: (text: string) => `“${text}”`,
  is: (title: string, value: string | null) =>
    value === null ? `${title} has no value` : `${title} is ${value}`,
  as: (rule: string, result: string, because: string) =>
    because === '' ? `${rule} gives ${result}` : `${rule} gives ${result}: ${because}`,
  whyAbsent: 'It is not there now: the branch of the schema that it stands in does not hold',
  whyAbsentAbove: 'It is not there now, as what it stands in is not.',
  whyHidden: 'It is hidden',
  whyHiddenAlways: 'It is hidden always.',
  whyDisabled: 'It cannot be changed',
  whyDisabledAlways: 'It can never be changed.',
  whyRequired: 'It has to have a value',
  whyRequiredAlways: 'It has to have a value.',
  whySuggested: 'Its value is suggested',
  whySuggestedSource: 'Its value is what the source gave.',
  whySuggestedDefault: 'Its value is its default.',
  whyReplaced: (value: string) => `${value} was entered and does not count: it is not one of the options.`,
  whyWaiting: (titles: string) => `Its options wait for a value of ${titles}.`,
  whyLoading: 'Its source is being asked.',
  whyFailed: (message: string) => `Its source failed: ${message}`,
  whyWrong: (title: string, message: string) => `It is wrong: ${title} ${message}.`,
  whyBroken: (message: string) => `A rule of it is broken: it ${message}.`,
} as const;
