import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CommonValidatorFunctions,
  KubernetesValidatorFunctions,
  makeValidator,
} from '@backstage/catalog-model';
import * as fc from 'fast-check';
import {
  FIELD_RULES,
  isApiVersion,
  isDnsLabel,
  isDnsSubdomain,
  isEntityName,
  isKindName,
  isLabelValue,
  isNonBlank,
  isPrefixedName,
  isTag,
  isUrl,
} from './fields.ts';

type Test = (value: unknown) => boolean;

const backstage = makeValidator();

/** Our rule, what Backstage has in its place, a good and a bad example. */
const RULES: Readonly<Record<string, readonly [ours: Test, theirs: Test, good: string, bad: string]>> = {
  isApiVersion: [isApiVersion, (value) => backstage.isValidApiVersion(value), 'backstage.io/v1', 'v-1'],
  isDnsLabel: [isDnsLabel, (value) => CommonValidatorFunctions.isValidDnsLabel(value), 'a--b', 'a-'],
  isDnsSubdomain: [
    isDnsSubdomain,
    (value) => CommonValidatorFunctions.isValidDnsSubdomain(value),
    'a.b-c',
    'a..b',
  ],
  isEntityName: [
    isEntityName,
    (value) => KubernetesValidatorFunctions.isValidObjectName(value),
    'a_.B',
    '-a',
  ],
  isKindName: [isKindName, (value) => backstage.isValidKind(value), 'A1', '1A'],
  isLabelValue: [isLabelValue, (value) => backstage.isValidLabelValue(value), '', 'a b'],
  isNonBlank: [isNonBlank, (value) => CommonValidatorFunctions.isNonEmptyString(value), 'x', ' \n'],
  isPrefixedName: [isPrefixedName, (value) => backstage.isValidLabelKey(value), 'a.b/C_d', 'A.b/c'],
  isTag: [isTag, (value) => backstage.isValidTag(value), 'c++:x', 'a--b'],
  isUrl: [isUrl, (value) => CommonValidatorFunctions.isValidUrl(value), 'mailto:a@b', 'example.com'],
  'FIELD_RULES.namespace': [
    FIELD_RULES.namespace.test,
    (value) => backstage.isValidNamespace(value),
    'a-1',
    'A',
  ],
  'FIELD_RULES.annotationKey': [
    FIELD_RULES.annotationKey.test,
    (value) => backstage.isValidAnnotationKey(value),
    'a/b',
    'a/b/c',
  ],
  'FIELD_RULES.annotationValue': [
    FIELD_RULES.annotationValue.test,
    (value) => backstage.isValidAnnotationValue(value),
    '',
    '',
  ],
};

/** Mostly texts that are good or nearly so, of lengths around the limits. */
const candidate = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', '/', '+', '#', ':', ' ', '\n'),
    maxLength: 9,
  }),
  fc.stringMatching(/^[a-z0-9]{60,65}$/),
  fc.stringMatching(/^([a-z]{62}\.){3}[a-z]{60,66}(\/[a-zA-Z]{1,3})?$/),
  fc.webUrl(),
  fc.anything(),
);

for (const [name, [ours, theirs, good, bad]] of Object.entries(RULES)) {
  describe(name, () => {
    it('tells good from bad as Backstage does', () => {
      assert.equal(ours(good), true);
      assert.equal(ours(5), false);
      if (bad !== good) assert.equal(ours(bad), false);
      fc.assert(
        fc.property(candidate, (value) => {
          assert.equal(ours(value), theirs(value));
        }),
        { numRuns: 2000 },
      );
    });
  });
}

describe('FIELD_RULES', () => {
  it('settles long bad values without trying to match them', () => {
    const long = `${'a-'.repeat(500_000)}!`;
    for (const rule of Object.values(FIELD_RULES)) {
      if (rule !== FIELD_RULES.annotationValue) assert.equal(rule.test(long), false);
    }
  });
});
