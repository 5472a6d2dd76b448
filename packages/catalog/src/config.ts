/** Reads the catalog's keys of the configuration once, into settings that cannot be wrong. */
import { resolve } from 'node:path';
import { messageOf } from '@callboard/kernel';
import { isObject, type Diagnostic, type JsonObject, type LocationRef } from '@callboard/model';
import type { CatalogSettings } from './catalog.ts';
import type { ProcessorOptions } from './process/processor.ts';
import type { CatalogRule } from './process/rules.ts';

/** What this room asks of a configuration: the kernel's `Config` is one. */
export interface ConfigReader {
  getOptional(key: string): unknown;
  /** Milliseconds; null when absent. Throws when it is no duration. */
  getOptionalDuration(key: string): number | null;
}

export interface ParsedCatalogConfig {
  readonly settings: CatalogSettings;
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULT_POLL_INTERVAL = 100_000;

/** `cwd`: what relative file targets are relative to. The shapes were checked against `catalogConfigSchema`. */
export function parseCatalogConfig(reader: ConfigReader, { cwd }: { cwd: string }): ParsedCatalogConfig {
  const diagnostics: Diagnostic[] = [];
  const configured = objects(reader.getOptional('catalog.locations'));
  const locations: LocationRef[] = [];
  const locationRules: CatalogRule[] = [];
  for (const [i, { type, target, rules }] of configured.entries()) {
    if (typeof type !== 'string' || typeof target !== 'string' || type === '' || target === '') {
      diagnostics.push({
        severity: 'error',
        code: 'catalog/config-location',
        summary: `catalog.locations[${i}] has no type and target, so it is not read`,
        detail: 'Write both, such as type: file and target: ./catalog/*.yaml.',
        path: `catalog.locations[${i}]`,
      });
      continue;
    }
    const location = { type, target: type === 'file' ? resolve(cwd, target) : target };
    locations.push(location);
    for (const [j, rule] of objects(rules).entries()) {
      const { type: ruleType, target: exact } = location;
      locationRules.push({
        allow: allowed(rule['allow']),
        locations: [{ type: ruleType, exact }],
        place: { name: `catalog.locations[${i}].rules[${j}]`, index: null },
      });
    }
  }
  const globalRules = reader.getOptional('catalog.rules');
  const rules = globalRules === undefined ? DEFAULT_ALLOW : objects(globalRules).map(toRule);
  return {
    settings: {
      locations,
      rules: [...rules, ...locationRules],
      readonly: reader.getOptional('catalog.readonly') === true,
      orphanStrategy: reader.getOptional('catalog.orphanStrategy') === 'keep' ? 'keep' : 'delete',
      orphanProviderStrategy:
        reader.getOptional('catalog.orphanProviderStrategy') === 'keep' ? 'keep' : 'delete',
      locationConflictStrategy:
        reader.getOptional('catalog.defaultLocationConflictStrategy') === 'refresh' ? 'refresh' : 'reject',
      pollInterval: readPollInterval(reader, diagnostics),
      processorOptions: toProcessorOptions(reader.getOptional('catalog.processorOptions')),
      disabledProviders: disabledNames(reader.getOptional('catalog.providerOptions')),
      disableDefaultProcessors: reader.getOptional('catalog.disableDefaultProcessors') === true,
      watch: reader.getOptional('catalog.watch') !== false,
    },
    diagnostics,
  };
}

function readPollInterval(reader: ConfigReader, diagnostics: Diagnostic[]): number | null {
  const path = 'catalog.processingInterval';
  if (reader.getOptional(path) === false) return null;
  try {
    return reader.getOptionalDuration(path) ?? DEFAULT_POLL_INTERVAL;
  } catch (error) {
    diagnostics.push({
      severity: 'error',
      code: 'catalog/config-interval',
      summary: messageOf(error),
      detail: 'Write { minutes: 30 }, PT30M or 30m, or false to read sources only when asked to.',
      path,
    });
    return DEFAULT_POLL_INTERVAL;
  }
}

/** What Backstage allows when `catalog.rules` is absent. */
const DEFAULT_ALLOW: readonly CatalogRule[] = [
  {
    allow: [{ kind: 'Component' }, { kind: 'API' }, { kind: 'Location' }],
    place: { name: 'the default rules', index: null },
  },
];

function toRule(rule: Record<string, unknown>, index: number): CatalogRule {
  const allow = allowed(rule['allow']);
  const place = { name: `catalog.rules[${index}]`, index };
  if (rule['locations'] === undefined) return { allow, place };
  const locations = objects(rule['locations']).map(({ type, exact, pattern }) => ({
    type: String(type),
    ...(typeof exact === 'string' && { exact }),
    ...(typeof pattern === 'string' && { pattern }),
  }));
  return { allow, locations, place };
}

/** Kinds, as plain names or as objects with a `spec.type` beside the kind. */
function allowed(list: unknown): CatalogRule['allow'] {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.flatMap((item) => {
    if (typeof item === 'string') return [{ kind: item }];
    if (!isObject(item) || typeof item['kind'] !== 'string') return [];
    const type = item['spec.type'] ?? (isObject(item['spec']) ? item['spec']['type'] : undefined);
    return [{ kind: item['kind'], ...(typeof type === 'string' && { type }) }];
  });
}

function toProcessorOptions(value: unknown): Record<string, ProcessorOptions> {
  const options: Record<string, ProcessorOptions> = {};
  for (const [name, entry] of Object.entries(isObject(value) ? value : {})) {
    if (!isObject(entry)) continue;
    const { disabled, priority } = entry;
    options[name] = { disabled: disabled === true, ...(typeof priority === 'number' && { priority }) };
  }
  return options;
}

function disabledNames(value: unknown): string[] {
  return Object.entries(isObject(value) ? value : {})
    .filter(([, entry]) => isObject(entry) && entry['disabled'] === true)
    .map(([name]) => name);
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const kinds: JsonObject = {
  type: 'array',
  description: 'Kinds, or objects with kind and spec.type.',
  items: {
    anyOf: [
      { type: 'string' },
      { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } },
    ],
  },
};

const strategy = (values: readonly string[], description: string): JsonObject => ({
  type: 'string',
  enum: values,
  description,
});

/** For the configuration to be checked against. */
export const catalogConfigSchema: { readonly id: string; readonly schema: JsonObject } = {
  id: 'catalog',
  schema: {
    type: 'object',
    properties: {
      catalog: {
        type: 'object',
        properties: {
          rules: {
            type: 'array',
            description: 'Which kinds may come from which locations. Default: Component, API, Location.',
            items: {
              type: 'object',
              required: ['allow'],
              properties: {
                allow: kinds,
                locations: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['type'],
                    properties: {
                      type: { type: 'string' },
                      exact: { type: 'string' },
                      pattern: { type: 'string' },
                    },
                  },
                },
              },
            },
          },
          locations: {
            type: 'array',
            description: 'Where entities are read from.',
            items: {
              type: 'object',
              required: ['type', 'target'],
              properties: {
                type: { type: 'string', description: 'file or url' },
                target: { type: 'string', description: 'A path, a glob or a URL.' },
                rules: { type: 'array', items: { type: 'object', properties: { allow: kinds } } },
              },
            },
          },
          readonly: { type: 'boolean', description: 'Refuses to register, change or remove locations.' },
          orphanStrategy: strategy(['keep', 'delete'], 'Entities that no location lists. Default: delete.'),
          orphanProviderStrategy: strategy(
            ['keep', 'delete'],
            'Entities of providers that are gone. Default: delete.',
          ),
          defaultLocationConflictStrategy: strategy(
            ['refresh', 'reject'],
            'Registering a location again. Default: reject.',
          ),
          processingInterval: {
            description:
              'How long sources that cannot say when they change are left alone; false: until asked. Default: 100 s.',
            anyOf: [{ type: 'boolean', const: false }, { type: 'string' }, { type: 'object' }],
          },
          disableDefaultProcessors: { type: 'boolean' },
          processorOptions: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              properties: { disabled: { type: 'boolean' }, priority: { type: 'number' } },
            },
          },
          providerOptions: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { disabled: { type: 'boolean' } } },
          },
          watch: { type: 'boolean', description: 'Follows changes of files at once. Default: true.' },
        },
      },
    },
  },
};
