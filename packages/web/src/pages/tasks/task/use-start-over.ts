/** Opens the form of a template with the values of a task in it; never with a secret in the address. */
import type { EntityRef } from '@callboard/model';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { readTemplateForm, type FormValues, type TemplateForm } from '../../../api/scaffolder.ts';
import { useServices } from '../../../api/services.ts';
import { templatePath } from '../queries.ts';
import { valuesForAddress } from './secret-fields.ts';

const FRESH_MS = 60_000;

export interface StartOver {
  readonly template: EntityRef;
  readonly values: FormValues;
}

/** What is secret is said by the form of the template, so that is read first. */
export function useStartOver(): UseMutationResult<TemplateForm, Error, StartOver> {
  const { client } = useServices();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ template }) =>
      cache.fetchQuery({
        queryKey: ['scaffolder', 'form', template],
        staleTime: FRESH_MS,
        queryFn: ({ signal }) => readTemplateForm(client, template, signal),
      }),
    onSuccess: ({ pages }, { template, values }) => {
      // Backstage's name for it, and its form.
      const params = new URLSearchParams({ formData: JSON.stringify(valuesForAddress(values, pages)) });
      navigate(`${templatePath(template)}?${params.toString()}`);
    },
  });
}
