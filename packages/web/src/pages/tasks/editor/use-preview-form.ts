/**
 * The graph of the form that is being written, compiled anew with each change of its pages. Fields that plugins declare are
 * written out by the server, as it does for a form of the catalog.
 */
import { useEffect, useState } from 'react';
import type { FormGraph } from '@callboard/form';
import { isObject } from '@callboard/model';
import { expandForm } from '../../../api/forms.ts';
import { useServices } from '../../../api/services.ts';
import type { FormPage } from '../../../api/scaffolder.ts';
import { BUILTIN_FIELDS } from '../../create/fields/builtin.ts';
import { preparePages } from '../../create/form/prepare-form.ts';
import { flagOf } from '../../create/form/split-schema.ts';
import { formEntity } from './form-entity.ts';

export interface PreviewForm {
  readonly pages: readonly FormPage[];
  readonly graph: FormGraph;
  /** Of each page: its place in the template, where those for a flag that is off stand, too. */
  readonly places: readonly number[];
}

/** Null until the first one is compiled; the one of before while another is. */
export function usePreviewForm(
  pages: readonly FormPage[],
  isFlagOn: (flag: string) => boolean,
): PreviewForm | null {
  const { client } = useServices();
  const [form, setForm] = useState<PreviewForm | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    /** As they are written where the server cannot say more; the linter tells why. */
    const expanded = async (): Promise<readonly FormPage[]> => {
      if (!pages.some(({ schema }) => namesOther(schema))) return pages;
      const found = await expandForm(client, formEntity(pages), signal).catch(() => null);
      if (found?.length !== pages.length) return pages;
      return pages.map((page, index) => ({ ...page, schema: found[index] ?? page.schema }));
    };
    const compile = async (): Promise<void> => {
      try {
        const made = await preparePages(await expanded(), isFlagOn);
        if (!signal.aborted) setForm({ ...made, places: placesOf(pages, isFlagOn) });
      } catch (thrown) {
        if (signal.aborted) return;
        // Nothing in a template makes compiling fail: this is a fault of the portal, for the boundary of the page.
        setForm(() => {
          throw thrown;
        });
      }
    };
    void compile();
    return () => stop.abort();
  }, [client, pages, isFlagOn]);
  return form;
}

function placesOf(pages: readonly FormPage[], isFlagOn: (flag: string) => boolean): readonly number[] {
  return pages.flatMap(({ schema }, index) => {
    const flag = flagOf(schema);
    return flag === null || isFlagOn(flag) ? [index] : [];
  });
}

const OWN = new Set(BUILTIN_FIELDS.map(({ name }) => name));
const MOST_DEEP = 64;

/** Whether a field is named that the portal does not have by itself. */
function namesOther(node: unknown, depth = 0): boolean {
  if (depth > MOST_DEEP) return false;
  if (Array.isArray(node)) return node.some((item) => namesOther(item, depth + 1));
  if (!isObject(node)) return false;
  const name = node['ui:field'];
  if (typeof name === 'string' && !OWN.has(name)) return true;
  return Object.values(node).some((value) => namesOther(value, depth + 1));
}
