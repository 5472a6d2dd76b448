/**
 * The model of a portal: the kinds it knows, compiled into functions that check an entity, bring it into
 * its normal form and read its relations. Made once at start; every entity passes through it.
 */
import { checkRootFields, checkEntityShape, compileFormats } from './schema.ts';
import type { Entity } from './entity.ts';
import { notAnObject } from './envelope.ts';
import { ModelError } from './error.ts';
import { FIELD_RULES, type FieldRules } from './fields.ts';
import { isObject } from './json.ts';
import type { KindDefinition, SpecRules } from './kind.ts';
import { createNormalizer } from './normalize.ts';
import { quote, type Problem } from './problem.ts';
import { compileRelations, type CompiledRelations, type EmittedRelation } from './relate.ts';
import { compileShape, missingField, type ShapeCheck } from './shape.ts';

export interface Model {
  readonly kinds: readonly KindDefinition[];
  /**
   * Everything that is wrong with an entity as it was written, placeholders replaced: the shape of the
   * envelope, foreign root fields, field formats, then the spec of its kind and its references.
   * Empty when it is good; the first 100 when there are more. Never throws on JSON data.
   */
  check(value: unknown): Problem[];
  /** `check` for code that wants the entity. */
  parse(value: unknown): EntityResult;
  /**
   * The entity with its namespace written and its lists of references sorted, so that two ways to write the
   * same thing are equal. Returns the entity itself when there is nothing to do; never changes it.
   */
  normalize(entity: Entity): Entity;
  /**
   * Both directions of every relation that the entity's own fields declare. The same relation may appear
   * twice. Empty for unknown kinds; references that cannot be read are passed over.
   */
  relationsOf(entity: Entity): EmittedRelation[];
}

export type EntityResult =
  | { readonly ok: true; readonly entity: Entity }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Enough to mend a document; more would only fill the places where they are kept. */
const MAX_PROBLEMS = 100;

/** What the rules for an entity are chosen by. */
interface Kinded {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec?: unknown;
}

interface CompiledRules {
  readonly checkSpec: ShapeCheck;
  readonly requiredFields: readonly string[];
  readonly relations: CompiledRelations;
  readonly normalize: (entity: Entity) => Entity;
}

interface CompiledVariant {
  readonly unless: string | null;
  readonly rules: CompiledRules;
}

interface CompiledKind {
  readonly rules: CompiledRules;
  readonly variants: ReadonlyMap<unknown, CompiledVariant>;
}

/**
 * Compiles kinds into a model.
 * @param options.fields rules that replace Backstage's for the form of names, tags and so on.
 * @throws ModelError `model/duplicate-kind` when two definitions have the same kind and apiVersion.
 */
export function createModel(options: {
  readonly kinds: readonly KindDefinition[];
  readonly fields?: Partial<FieldRules>;
}): Model {
  const { kinds, fields = {} } = options;
  const checkFormats = compileFormats({ ...FIELD_RULES, ...fields });
  const versionsByKind = compileKinds(kinds);
  const normalizeUnknown = createNormalizer([]);

  function rulesOf(entity: Kinded): CompiledRules | null {
    const compiled = versionsByKind.get(entity.kind)?.get(entity.apiVersion);
    if (compiled === undefined) return null;
    const { spec } = entity;
    if (compiled.variants.size === 0 || !isObject(spec)) return compiled.rules;
    const variant = compiled.variants.get(spec['type']);
    if (variant === undefined) return compiled.rules;
    const isExempt = variant.unless !== null && spec[variant.unless] !== undefined;
    return isExempt ? compiled.rules : variant.rules;
  }

  function checkKind(entity: Record<string, unknown>): readonly Problem[] {
    const { kind, apiVersion, spec } = entity;
    if (typeof kind !== 'string' || kind === '') return [];
    if (typeof apiVersion !== 'string' || apiVersion === '') return [];
    const rules = rulesOf({ kind, apiVersion, spec });
    if (rules === null) return [unknownKind(kinds, { kind, apiVersion })];
    if (spec === undefined) return [{ ...missingField('spec'), hint: specHint(rules) }];
    if (!isObject(spec)) return [];
    const problems = rules.checkSpec(spec, 'spec').map((problem) => withSpecHint(problem, { kind, rules }));
    // References of the wrong type would be reported twice.
    return problems.length > 0 ? problems : rules.relations.check(entity);
  }

  function check(value: unknown): Problem[] {
    if (!isObject(value)) return [notAnObject(value)];
    const stages = [
      checkEntityShape(value, ''),
      checkRootFields(value),
      checkFormats(value),
      checkKind(value),
    ];
    return stages.flat().slice(0, MAX_PROBLEMS);
  }

  /** True when there are no problems: then `checkEntityShape` has proved every member that `Entity` names. */
  function isGood(value: unknown, problems: readonly Problem[]): value is Entity {
    return problems.length === 0;
  }

  return {
    kinds,
    check,
    parse(value) {
      const problems = check(value);
      return isGood(value, problems) ? { ok: true, entity: value } : { ok: false, problems };
    },
    normalize(entity) {
      const rules = rulesOf(entity);
      return (rules?.normalize ?? normalizeUnknown)(entity);
    },
    relationsOf(entity) {
      return rulesOf(entity)?.relations.emit(entity) ?? [];
    },
  };
}

function compileKinds(
  kinds: readonly KindDefinition[],
): ReadonlyMap<unknown, ReadonlyMap<unknown, CompiledKind>> {
  const byKind = new Map<unknown, Map<unknown, CompiledKind>>();
  for (const definition of kinds) {
    const { kind, apiVersions, variants = [] } = definition;
    const compiled: CompiledKind = {
      rules: compileRules(definition),
      variants: new Map(
        variants.map((variant) => [
          variant.type,
          { unless: variant.unless ?? null, rules: compileRules(variant) },
        ]),
      ),
    };
    const versions = byKind.get(kind) ?? new Map<unknown, CompiledKind>();
    byKind.set(kind, versions);
    for (const apiVersion of apiVersions) {
      if (versions.has(apiVersion)) {
        throw new ModelError('model/duplicate-kind', `Kind ${kind} of ${apiVersion} is defined twice.`);
      }
      versions.set(apiVersion, compiled);
    }
  }
  return byKind;
}

function compileRules(rules: SpecRules): CompiledRules {
  const relations = compileRelations(rules.relations);
  return {
    checkSpec: compileShape({ is: 'object', ...rules.spec }),
    requiredFields: Object.keys(rules.spec.required ?? {}),
    relations,
    normalize: createNormalizer(relations.places),
  };
}

/** What is missing right in the spec is best said with all that the kind needs. */
function withSpecHint(problem: Problem, { kind, rules }: { kind: string; rules: CompiledRules }): Problem {
  const isMissing = problem.code === 'model/missing-field' && problem.hint === undefined;
  const { requiredFields } = rules;
  const [field = ''] = problem.path.split('.').slice(1);
  if (!isMissing || !requiredFields.includes(field)) return problem;
  return { ...problem, hint: `Add it: the spec of a ${kind} needs ${requiredFields.join(', ')}.` };
}

function specHint(rules: CompiledRules): string {
  const { requiredFields } = rules;
  return requiredFields.length === 0
    ? 'An empty one will do: spec: {}.'
    : `It needs ${requiredFields.join(', ')}.`;
}

function unknownKind(
  kinds: readonly KindDefinition[],
  found: { readonly kind: string; readonly apiVersion: string },
): Problem {
  const { kind, apiVersion } = found;
  const near = kinds.filter((known) => known.kind.toLowerCase() === kind.toLowerCase());
  const hint =
    near.length === 0
      ? `The kinds known here are ${[...new Set(kinds.map((known) => known.kind))].join(', ')}.`
      : `Use kind: ${near[0]?.kind} with apiVersion: ${near.flatMap((known) => known.apiVersions).join(' or ')}.`;
  return {
    path: 'kind',
    code: 'model/unknown-kind',
    message: `There is no kind ${quote(kind)} with apiVersion ${quote(apiVersion)}.`,
    hint,
  };
}
