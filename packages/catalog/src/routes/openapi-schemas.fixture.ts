/** The schemas of an OpenAPI document at work: compiled by ajv, strictly, so that a slip in one is an error. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from './openapi.ts';

/** Says what is wrong with a value; nothing when it fits the schema. */
export type Check = (value: unknown) => string[];

/** Compiles schemas that may refer to those of the document. @throws Error for a schema that is none. */
export function schemaCompiler(document: OpenApiDocument): (schema: object) => Check {
  const ajv = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true, allErrors: true });
  ajv.addVocabulary(['components']);
  ajv.addFormat('date-time', (text) => new Date(text).toISOString() === text);
  return (schema) => {
    const isValid = ajv.compile({ ...schema, components: document.components });
    return (value) => {
      if (isValid(value)) return [];
      return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
    };
  };
}
