/** Texts of templates and of the workspace as JSON values; what is wrong with one says so, with its name. */
import { CodedError, messageOf } from '@callboard/kernel';
import type { JsonValue } from '@callboard/model';
import { parseAllDocuments, parseDocument, type Document } from 'yaml';

/** Characters of YAML that are read. */
const LONGEST = 20 * 1024 * 1024;

/** @param what names the text in messages @throws CodedError `scaffolder/bad-data-file` */
export function parseJsonText(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badData(what, `no JSON: ${messageOf(error)}`);
  }
}

/** One document. @throws CodedError `scaffolder/bad-data-file` */
export function parseYamlText(text: string, what: string): JsonValue {
  const document = parseDocument(limited(text, what), { prettyErrors: true });
  return valueOf(document, what);
}

export type YamlDocument = Document.Parsed;

/** All documents, with their comments. @throws CodedError `scaffolder/bad-data-file` */
export function parseYamlDocuments(text: string, what: string): readonly YamlDocument[] {
  const documents = parseAllDocuments(limited(text, what), { prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error !== undefined) throw badData(what, `no YAML: ${error.message}`);
  }
  return documents;
}

/** The plain value of a document. @throws CodedError `scaffolder/bad-data-file` */
export function valueOf(document: Document, what: string): JsonValue {
  const [error] = document.errors;
  if (error !== undefined) throw badData(what, `no YAML: ${error.message}`);
  try {
    const value: JsonValue = document.toJS({ maxAliasCount: 100 }) ?? null;
    return value;
  } catch (problem) {
    throw badData(what, `no YAML: ${messageOf(problem)}`);
  }
}

function limited(text: string, what: string): string {
  if (text.length > LONGEST) throw badData(what, `longer than ${LONGEST} characters`);
  return text;
}

export function badData(what: string, wrong: string): CodedError {
  const reason = wrong.trim().split('\n')[0] ?? '';
  return new CodedError(400, 'scaffolder/bad-data-file', `${what} is ${reason.slice(0, 400)}`);
}
