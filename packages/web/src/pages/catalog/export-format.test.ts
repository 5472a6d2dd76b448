import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { objectIn } from '../../api/entity.ts';
import { csvCell, csvWriter, jsonWriter, toSource, yamlWriter, type FileWriter } from './export-format.ts';

const ENTITIES = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'shop',
      namespace: 'default',
      title: '=SUM(A1)',
      description: 'Says "hi",\nthen leaves',
      tags: ['java', 'rest'],
      uid: '1',
      etag: '2',
      annotations: { 'backstage.io/managed-by-location': 'url:https://example.com/a' },
    },
    spec: { type: 'service', owner: 'ops', system: 'Sales' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/ops' }],
    status: { items: [] },
  },
  { apiVersion: 'backstage.io/v1alpha1', kind: 'Group', metadata: { name: 'ops', namespace: 'hq' } },
];

function written(writer: FileWriter): string {
  const entities = ENTITIES.map((entity, index) => writer.entity(entity, index === 0));
  return [writer.start, ...entities, writer.end].join('');
}

describe('csvWriter', () => {
  it('writes the columns that are shown, by their names', () => {
    const writer = csvWriter(
      ['kind', 'owner', 'system', 'tags', 'description', 'location', 'namespace'],
      ['Reference', 'Name', 'Kind', 'Owner', 'System', 'Tags', 'Description', 'Defined in', 'Namespace'],
    );
    assert.equal(
      written(writer),
      '\uFEFFReference,Name,Kind,Owner,System,Tags,Description,Defined in,Namespace\r\n' +
        "component:default/shop,'=SUM(A1),Component,group:default/ops,system:default/sales," +
        '"java, rest","Says ""hi"",\nthen leaves",url:https://example.com/a,default\r\n' +
        'group:hq/ops,ops,Group,,,,,,hq\r\n',
    );
  });

  it('leaves out what is no entity', () => {
    assert.equal(csvWriter([], []).entity({ kind: 'Component' }, true), '');
  });
});

describe('csvCell', () => {
  it('never begins with what a spreadsheet takes for a formula', () => {
    const starts = fc.constantFrom('=', '+', '-', '@', '\t', '\r');
    fc.assert(
      fc.property(starts, fc.string(), (start, text) => {
        assert.match(csvCell(start + text), /^"?'/);
      }),
    );
  });

  it('reads back as it was, apart from the apostrophe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(unquoted(csvCell(text)).replace(/^'(?=[=+\-@\t\r])/, ''), text);
      }),
    );
  });
});

describe('jsonWriter', () => {
  it('writes an array of whole entities', () => {
    assert.deepEqual(JSON.parse(written(jsonWriter())), ENTITIES);
    assert.deepEqual(JSON.parse(jsonWriter().start + jsonWriter().end), []);
  });
});

describe('toSource', () => {
  it('leaves out what the catalog adds', () => {
    const [shop, ops] = ENTITIES.map(toSource);
    assert.deepEqual(Object.keys(shop ?? {}), ['apiVersion', 'kind', 'metadata', 'spec']);
    assert.deepEqual(Object.keys(objectIn(shop, 'metadata')), [
      'name',
      'namespace',
      'title',
      'description',
      'tags',
      'annotations',
    ]);
    assert.deepEqual(Object.keys(ops ?? {}), ['apiVersion', 'kind', 'metadata']);
  });
});

describe('yamlWriter', () => {
  it('writes documents that could be registered again', () => {
    const documents = parseAllDocuments(written(yamlWriter(stringify))).map((document) => document.toJS());
    assert.deepEqual(documents, ENTITIES.map(toSource));
  });
});

/** RFC 4180, for one cell. */
function unquoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
