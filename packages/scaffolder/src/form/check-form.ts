/**
 * What was sent for a form, looked at as the form itself would: what is hidden may not be sent, what is fixed may not be
 * changed, what is chosen has to be one of the options that this person has, and what nobody sent is what is suggested.
 * Whoever starts a template comes through here: the browser, the API, and the command line.
 */
import {
  compileForm,
  pageWith,
  refusals,
  resolveForm,
  settleForm,
  type FormGraph,
  type FormUser,
  type Resolution,
  type SourceAnswer,
  type SourceNeed,
} from '@callboard/form';
import type { Diagnostic, JsonObject } from '@callboard/model';
import type { CatalogPort } from '../catalog-port.ts';
import type { Template } from '../template/template.ts';
import { isDeeperThan } from './depth.ts';
import { entityErrors } from './entity-fields.ts';
import { expandFields, type FieldDeclarations } from './expand-fields.ts';
import { missingPasswords, withoutPasswords } from './passwords.ts';
import { toPlainPage } from './plain-schema.ts';
import type { Sources } from './sources/sources.ts';
import { validateValues } from './validate-values.ts';
import { pathIn, valueError, type ValueError } from './value-errors.ts';

export interface FormToCheck {
  readonly template: FormOfTemplate;
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly user: FormUser;
  readonly signal: AbortSignal;
  /** `none`: nobody is asked, and what only a source could tell is taken as it is. Default: `ask`. */
  readonly sources?: 'ask' | 'none';
}

export type FormOfTemplate = Pick<Template, 'pages' | 'secretsSchema' | 'entity'>;

export interface CheckedForm {
  /** Empty when the values are good. */
  readonly errors: readonly ValueError[];
  /** What may be kept: with suggestions filled in, and asterisks where a field of secrets or a password had a value. */
  readonly values: JsonObject;
  /** What was typed into password inputs: to be given to the run with the secrets. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Null for a form without rules. */
  readonly resolution: Resolution | null;
}

export interface FormChecks {
  /** The form with the fields of plugins written out. Made once for a template. */
  expand(template: FormOfTemplate): {
    readonly pages: readonly JsonObject[];
    readonly warnings: readonly Diagnostic[];
  };
  /** Made once for a template. */
  graph(template: FormOfTemplate): Promise<FormGraph>;
  /** What is wrong with the secrets that a task, with its stored values, is tried again with. */
  secretErrors(form: Pick<FormToCheck, 'template' | 'values' | 'secrets'>): readonly ValueError[];
  /** @throws CodedError 400 `scaffolder/form-unusable` when the form cannot be used to check anything */
  check(form: FormToCheck): Promise<CheckedForm>;
}

export interface FormChecksDeps {
  readonly sources: Sources;
  readonly declarations: FieldDeclarations;
  readonly catalog: Pick<CatalogPort, 'query'>;
}

/** Levels of values. */
const MAX_DEPTH = 64;
const MAX_ERRORS = 100;
/** Refusals that go after those of the schema. */
const LATE = ['check', 'rule-failed'];
/** Of one template, which differ by the pages for feature flags that are filled in. */
const MAX_GRAPHS = 32;
/** A page that is not shown. */
const NO_PAGE: JsonObject = {};

export function createFormChecks({ sources, declarations, catalog }: FormChecksDeps): FormChecks {
  const expanded = new WeakMap<readonly JsonObject[], ReturnType<FormChecks['expand']>>();
  const compiled = new WeakMap<readonly JsonObject[], Map<string, Promise<FormGraph>>>();

  const expand: FormChecks['expand'] = ({ pages, entity }) => {
    const known = expanded.get(pages);
    if (known !== undefined) return known;
    const isList = Array.isArray(entity.spec?.['parameters']);
    const made = expandFields(pages, { declarations, isList });
    expanded.set(pages, made);
    return made;
  };

  /** `left`: which pages count. */
  const graphOf = (template: FormOfTemplate, left: readonly boolean[]): Promise<FormGraph> => {
    const { pages } = expand(template);
    const graphs = compiled.get(pages) ?? new Map<string, Promise<FormGraph>>();
    compiled.set(pages, graphs);
    const key = left.map(Number).join('');
    const known = graphs.get(key);
    if (known !== undefined) return known;
    const shown = pages.map((page, index) => (left[index] === true ? page : NO_PAGE));
    const made = compileForm({ pages: shown });
    if (graphs.size >= MAX_GRAPHS) graphs.clear();
    graphs.set(key, made);
    return made;
  };

  const check: FormChecks['check'] = async (form) => {
    const { template, values, secrets, user } = form;
    const { secretsSchema } = template;
    const { pages } = expand(template);
    const plainly = (): CheckedForm => ({
      ...validateValues({ pages, values, secretsSchema, secrets }),
      resolution: null,
    });
    if (isDeeperThan(values, MAX_DEPTH)) return plainly();
    const left = pages.map((page) => isLeft(page, values));
    const graph = await graphOf(template, left);
    const who = { ref: user.ref, ownership: user.groups };
    if (!graph.isDynamic) {
      const checked = plainly();
      const wrong = await entityErrors({ graph, values, catalog, who });
      return { ...checked, errors: merged(wrong, checked.errors) };
    }
    const resolution = await resolve(form, graph);
    const refused = refusals({ graph, resolution, sent: values }).map(({ path, message, kind }) =>
      valueError({ root: 'instance', path: pathIn(values, path), name: kind, message, argument: null }),
    );
    const filled = { ...unknownOf(values, pages), ...resolution.values };
    const checked = validateValues({
      pages: pages.flatMap((page, index) =>
        left[index] === true ? [pageWith(page, resolution, { purpose: 'check' })] : [],
      ),
      values: filled,
      secretsSchema,
      secrets,
    });
    const wrong = await entityErrors({ graph, values: filled, catalog, who });
    // What the schema says of a value tells more than a check that was not written for such a one.
    const late = refused.filter(({ name }) => LATE.includes(name));
    const early = refused.filter(({ name }) => !LATE.includes(name));
    return {
      errors: [wrong, checked.errors, late].reduce(merged, early),
      values: checked.values,
      passwords: checked.passwords,
      resolution,
    };
  };

  const resolve = async (form: FormToCheck, graph: FormGraph): Promise<Resolution> => {
    const { values: entered, user, signal } = form;
    if (form.sources === 'none') return resolveForm({ graph, entered, user, answers: new Map() });
    const ask = (
      need: SourceNeed,
      { signal: until }: { readonly signal: AbortSignal },
    ): Promise<SourceAnswer> => sources.ask(need, { graph, user, signal: until });
    return (await settleForm({ graph, entered, user, ask, signal })).resolution;
  };

  const secretErrors: FormChecks['secretErrors'] = ({ template, values, secrets }) => {
    const { secretsSchema } = template;
    const own = withoutPasswords(secrets);
    const paths = expand(template).pages.flatMap((page) => plainOf(page).passwords);
    const missing = missingPasswords({ values, secrets }, paths).map((name) =>
      valueError({
        root: 'secrets',
        path: [name],
        name: 'required',
        message: 'is asked for again: a password is not kept after a task has ended',
        argument: name,
      }),
    );
    return [...validateValues({ pages: [], values: {}, secretsSchema, secrets: own }).errors, ...missing];
  };

  return {
    expand,
    secretErrors,
    check,
    graph: (template) =>
      graphOf(
        template,
        template.pages.map(() => true),
      ),
  };
}

/** A page for people with a feature flag counts when one of its properties has a value. */
function isLeft(page: JsonObject, values: JsonObject): boolean {
  const { isFlagged, names } = plainOf(page);
  return !isFlagged || [...names].some((name) => Object.hasOwn(values, name));
}

const plainPages = new WeakMap<JsonObject, ReturnType<typeof toPlainPage>>();

function plainOf(page: JsonObject): ReturnType<typeof toPlainPage> {
  const known = plainPages.get(page) ?? toPlainPage(page);
  plainPages.set(page, known);
  return known;
}

/** Properties that no page has are kept, as in a form without rules. */
function unknownOf(values: JsonObject, pages: readonly JsonObject[]): JsonObject {
  const known = new Set(pages.flatMap((page) => [...plainOf(page).names]));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !known.has(name)));
}

/** The first that is said of a place is the one that tells most. */
function merged(first: readonly ValueError[], then: readonly ValueError[]): readonly ValueError[] {
  const told = new Set(first.map(({ path }) => JSON.stringify(path)));
  return [...first, ...then.filter(({ path }) => path.length === 0 || !told.has(JSON.stringify(path)))].slice(
    0,
    MAX_ERRORS,
  );
}
