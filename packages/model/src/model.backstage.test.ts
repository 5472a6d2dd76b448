/** The model against Backstage's published catalog-model: the same entities must be good and bad. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  DefaultNamespaceEntityPolicy,
  domainEntityV1alpha1Validator,
  EntityPolicies,
  entityEnvelopeSchemaValidator,
  FieldFormatEntityPolicy,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  NoForeignRootFieldsEntityPolicy,
  parseEntityRef,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
  type Entity as BackstageEntity,
} from '@backstage/catalog-model';
import type * as Alpha from '@backstage/catalog-model/alpha';
import * as fc from 'fast-check';
import { checkEnvelope } from './envelope.ts';
import { isObject } from './json.ts';
import { BUILTIN_KINDS } from './kinds/builtin.ts';
import { change, ENTITY_CASES, GOOD_ENTITIES } from './model.cases.ts';
import { createModel } from './model.ts';
import { valueAt } from './place.ts';
import { refOf } from './ref.ts';

// The alpha entry cannot be imported as an ES module: it imports lodash files without their extension.
const alpha: typeof Alpha = createRequire(import.meta.url)('@backstage/catalog-model/alpha');

const model = createModel({ kinds: BUILTIN_KINDS });

const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(),
  new DefaultNamespaceEntityPolicy(),
  new NoForeignRootFieldsEntityPolicy(),
  new FieldFormatEntityPolicy(),
]);

const CORE_VALIDATORS = [
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
];

const AI_VALIDATORS = new Map<unknown, { check(entity: BackstageEntity): Promise<boolean> }>([
  ['skill', alpha.skillAiResourceEntityV1alpha1Validator],
  ['rule', alpha.ruleAiResourceEntityV1alpha1Validator],
  ['plugin', alpha.pluginAiResourceEntityV1alpha1Validator],
  ['marketplace', alpha.marketplaceAiResourceEntityV1alpha1Validator],
]);

const backstageModel = alpha.compileCatalogModel(
  [alpha.defaultCatalogEntityModel, alpha.aiResourceEntityModel, alpha.mcpServerApiEntityModel].flat(),
);

/** What Backstage does with an entity up to its relations; rejects when the entity is bad. */
async function admitLikeBackstage(document: unknown): Promise<void> {
  // The policies are typed for entities; what they do with anything else is what is asked here.
  const given: BackstageEntity = JSON.parse(JSON.stringify(document ?? null));
  const entity = await policy.enforce(given);
  assert.ok(entity);
  const { type, definition } = entity.spec ?? {};
  const validators = [...CORE_VALIDATORS, AI_VALIDATORS.get(type) ?? alpha.aiResourceEntityV1alpha1Validator];
  // Deviation: Backstage demands remotes of every mcp-server when its alpha layer is on, and a definition
  // when it is off. Here a definition decides which of the two rules holds, so both kinds of data are good.
  if (type === 'mcp-server' && definition === undefined) validators[0] = alpha.mcpServerApiEntityValidator;
  const verdicts = await Promise.all(validators.map((validator) => validator.check(entity)));
  assert.ok(verdicts.includes(true), 'unknown kind');
  for (const field of backstageModel.getKind(entity)?.relationFields ?? []) {
    for (const ref of [valueAt(entity, field.path.split('.')) || []].flat()) {
      assert.ok(typeof ref === 'string' || isObjectRef(ref), 'neither text nor object');
      parseEntityRef(ref, field.defaultKind === undefined ? {} : { defaultKind: field.defaultKind });
    }
  }
}

/** An object in the place of a reference; Backstage itself finds out whether it has a kind and a name. */
function isObjectRef(ref: unknown): ref is { name: string } {
  return isObject(ref);
}

async function isGoodForBackstage(document: unknown): Promise<boolean> {
  try {
    await admitLikeBackstage(document);
    return true;
  } catch {
    return false;
  }
}

/**
 * Deviation: Backstage's `dependencyOf` has no schema, so it also takes a reference written as an object
 * with kind and name. Nothing documents that; here references are texts.
 */
function hasObjectRef(document: unknown): boolean {
  return [valueAt(document, ['spec', 'dependencyOf'])].flat().some((item) => isObject(item));
}

const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'a b',
  'a:b',
  'a/b',
  ':a',
  '/a',
  'a:',
  'a:b/c',
  'a/b:c',
  'a:/c',
  'x'.repeat(64),
];
const WORDS = [
  'https://a',
  'skill',
  'plugin',
  'mcp-server',
  'required',
  'backstage.io/v1beta1',
  'API',
  'User',
];
const LISTS = [[], [''], [null], ['a'], ['a:b'], ['a', 'b:c/d'], [['a:b']], [{}], [{ type: 'a', url: 'b' }]];
const OTHERS = [undefined, null, true, false, 0, 5, {}, { a: 'b' }, { a: 5 }, { 'a b': 'c' }];

const PATHS = [
  'apiVersion kind metadata spec relations status other',
  'metadata.name metadata.namespace metadata.uid metadata.etag metadata.title metadata.description',
  'metadata.labels metadata.annotations metadata.tags metadata.links metadata.other',
  'spec.type spec.lifecycle spec.owner spec.system spec.domain spec.subdomainOf spec.subcomponentOf',
  'spec.providesApis spec.consumesApis spec.dependsOn spec.dependencyOf spec.definition spec.remotes',
  'spec.parent spec.children spec.members spec.memberOf spec.profile spec.target spec.targets spec.presence',
  'spec.skills spec.plugins spec.category spec.other',
].flatMap((line) => line.split(' '));

/** A good entity with one to three values changed. */
const mutatedEntity = fc
  .tuple(
    fc.constantFrom<unknown>(...Object.values(GOOD_ENTITIES)),
    fc.array(
      fc.tuple(
        fc.constantFrom(...PATHS),
        fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom<unknown>(...TEXTS, ...WORDS, ...LISTS, ...OTHERS) },
          { weight: 1, arbitrary: fc.string() },
          { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([entity, changes]) =>
    changes.reduce<unknown>((changed, [path, value]) => change(changed, path, value), entity),
  );

describe('Model.check, compared with Backstage', () => {
  for (const { name, entity, isValid } of ENTITY_CASES) {
    it(`${isValid ? 'accepts' : 'refuses'} ${name}`, async () => {
      const problems = model.check(entity);
      assert.equal(problems.length === 0, isValid, JSON.stringify(problems));
      assert.equal(await isGoodForBackstage(entity), isValid, 'Backstage thinks otherwise');
    });
  }

  it('gives the same verdict on good entities with some values changed', async () => {
    const verdicts = { good: 0, bad: 0 };
    await fc.assert(
      fc.asyncProperty(mutatedEntity, async (entity) => {
        fc.pre(!hasObjectRef(entity));
        const problems = model.check(entity);
        assert.equal(problems.length === 0, await isGoodForBackstage(entity), JSON.stringify(problems));
        verdicts[problems.length === 0 ? 'good' : 'bad'] += 1;
      }),
      { numRuns: 3000 },
    );
    assert.ok(verdicts.good > 100 && verdicts.bad > 100, JSON.stringify(verdicts));
  });

  it('refuses a reference that is an object, which Backstage takes in dependencyOf only', async () => {
    const entity = change(GOOD_ENTITIES.component, 'spec.dependencyOf', [{ kind: 'component', name: 'a' }]);
    assert.equal(await isGoodForBackstage(entity), true);
    assert.deepEqual(
      model.check(entity).map(({ path, code }) => [path, code]),
      [['spec.dependencyOf[0]', 'model/invalid-ref']],
    );
  });
});

describe('checkEnvelope, compared with Backstage', () => {
  const validate = entityEnvelopeSchemaValidator();

  function isEnvelopeForBackstage(document: unknown): boolean {
    try {
      validate(document);
      return true;
    } catch {
      return false;
    }
  }

  it('gives the same verdict on every case', () => {
    for (const { name, entity } of ENTITY_CASES) {
      assert.equal(checkEnvelope(entity).ok, isEnvelopeForBackstage(entity), name);
    }
  });

  it('gives the same verdict on good entities with some values changed', () => {
    fc.assert(
      fc.property(mutatedEntity, (entity) => {
        assert.equal(checkEnvelope(entity).ok, isEnvelopeForBackstage(entity));
      }),
    );
  });
});

describe('Model.relationsOf, compared with Backstage', () => {
  it('emits the relations that the fields of every kind declare', () => {
    for (const [name, document] of Object.entries(GOOD_ENTITIES)) {
      const parsed = model.parse(document);
      assert.ok(parsed.ok);
      const { entity } = parsed;
      const selfRef = refOf(entity);
      const emitted = model.relationsOf(entity).filter(({ sourceRef }) => sourceRef === selfRef);
      assert.deepEqual(
        emitted.map(({ type, targetRef }) => `${type} ${targetRef}`).toSorted(),
        relationsForBackstage(JSON.parse(JSON.stringify(entity))).toSorted(),
        name,
      );
    }
  });

  /** `type target` of each relation, by Backstage's compiled model. */
  function relationsForBackstage(entity: BackstageEntity): string[] {
    const defaultNamespace = entity.metadata.namespace ?? 'default';
    const fields = backstageModel.getKind(entity)?.relationFields ?? [];
    return fields.flatMap(({ path, relation, defaultKind }) =>
      [valueAt(entity, path.split('.')) ?? []].flat().map((ref) => {
        const context = { defaultNamespace, ...(defaultKind === undefined ? {} : { defaultKind }) };
        assert.ok(typeof ref === 'string');
        return `${relation} ${stringifyEntityRef(parseEntityRef(ref, context))}`;
      }),
    );
  }
});
