/**
 * The form of single fields: names, namespaces, label keys, tags and so on. The rules are those of
 * Backstage's catalog format, which took them from Kubernetes object names.
 */

const DNS_LABEL = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/;
const DNS_SUBDOMAIN = /^[a-z0-9]+(?:[-.][a-z0-9]+|-{2,}[a-z0-9]+)*$/;
const OBJECT_NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const KIND = /^[a-zA-Z][a-z0-9A-Z]*$/;
const VERSION = /^[a-z0-9A-Z]+$/;
const TAG = /^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$/;

const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;

/** Text of 1 to 63 characters that matches; the length is looked at first, so the patterns stay cheap. */
function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_LABEL && pattern.test(value);
}

/** `suffix` or `prefix/suffix`, where the prefix is a DNS subdomain. */
function hasValidPrefix(value: string, isSuffix: (suffix: string) => boolean): boolean {
  const slash = value.indexOf('/');
  if (slash === -1) return isSuffix(value);
  // A second slash is part of the suffix here, and no suffix may hold one.
  return isDnsSubdomain(value.slice(0, slash)) && isSuffix(value.slice(slash + 1));
}

/** Lower-case letters and digits separated by hyphens, at most 63 characters (RFC 1123 label). */
export function isDnsLabel(value: unknown): boolean {
  return matches(value, DNS_LABEL);
}

/** DNS labels separated by dots, at most 253 characters. */
export function isDnsSubdomain(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 1 || value.length > MAX_SUBDOMAIN) return false;
  if (!DNS_SUBDOMAIN.test(value)) return false;
  return value.length <= MAX_LABEL || value.split('.').every((label) => label.length <= MAX_LABEL);
}

/** `version` or `group/version`, such as `backstage.io/v1alpha1`. */
export function isApiVersion(value: unknown): boolean {
  return typeof value === 'string' && hasValidPrefix(value, (suffix) => matches(suffix, VERSION));
}

/** A letter, then letters and digits; at most 63 characters. */
export function isKindName(value: unknown): boolean {
  return matches(value, KIND);
}

/** Letters and digits separated by `-`, `_` or `.`; at most 63 characters. */
export function isEntityName(value: unknown): boolean {
  return matches(value, OBJECT_NAME);
}

/** `name` or `domain/name`: the keys of labels and annotations. */
export function isPrefixedName(value: unknown): boolean {
  return typeof value === 'string' && hasValidPrefix(value, isEntityName);
}

/** Empty, or the form of an entity name. */
export function isLabelValue(value: unknown): boolean {
  return value === '' || isEntityName(value);
}

/** Lower-case letters, digits, `:`, `+` and `#`, separated by hyphens; at most 63 characters. */
export function isTag(value: unknown): boolean {
  return matches(value, TAG);
}

/** Text that the WHATWG URL parser reads without a base. */
export function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value);
}

/** Text with something other than white space in it. */
export function isNonBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** One rule: the test, and how a good value is described to the author of a bad one. */
export interface FieldRule {
  readonly test: (value: unknown) => boolean;
  /** Completes "Use …". */
  readonly expects: string;
}

/** The rules that a portal may replace with its own. */
export interface FieldRules {
  readonly apiVersion: FieldRule;
  readonly kind: FieldRule;
  readonly name: FieldRule;
  readonly namespace: FieldRule;
  readonly labelKey: FieldRule;
  readonly labelValue: FieldRule;
  readonly annotationKey: FieldRule;
  readonly annotationValue: FieldRule;
  readonly tag: FieldRule;
}

const NAME_FORM = 'letters and digits separated by one of - _ . and at most 63 characters';
const KEY_FORM = `${NAME_FORM}, with an optional domain before a slash, such as example.com/tier`;

/** Backstage's rules, which hold unless `createModel` is given others. */
export const FIELD_RULES: FieldRules = {
  apiVersion: { test: isApiVersion, expects: 'a version such as v1 or example.com/v1' },
  kind: { test: isKindName, expects: 'a letter followed by letters and digits, at most 63 characters' },
  name: { test: isEntityName, expects: NAME_FORM },
  namespace: {
    test: isDnsLabel,
    expects: 'lower-case letters and digits separated by hyphens, at most 63 characters',
  },
  labelKey: { test: isPrefixedName, expects: KEY_FORM },
  labelValue: { test: isLabelValue, expects: `an empty value, or ${NAME_FORM}` },
  annotationKey: { test: isPrefixedName, expects: KEY_FORM },
  annotationValue: { test: (value) => typeof value === 'string', expects: 'a text' },
  tag: {
    test: isTag,
    expects: 'lower-case letters, digits, : + and # separated by hyphens, at most 63 characters',
  },
};
