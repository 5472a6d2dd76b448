/** Variables of a project's pipelines: https://docs.gitlab.com/api/project_level_variables/ */
import { fieldOf } from './answers.ts';
import type { Client } from './client.ts';
import { isRefusal } from './errors.ts';

export interface NewVariable {
  readonly key: string;
  /** May be a secret. */
  readonly value: string;
  readonly variableType: 'env_var' | 'file';
  readonly protected: boolean;
  readonly masked: boolean;
  readonly maskedAndHidden: boolean;
  readonly raw: boolean;
  /** `*` for all. */
  readonly environmentScope: string;
  readonly description?: string | undefined;
}

/**
 * One that is there with this very value is taken: a task that was killed meanwhile left it.
 * @throws CodedError those of the wire
 */
export async function createVariable(
  client: Client,
  project: string | number,
  variable: NewVariable,
): Promise<void> {
  const { key, value, description, ...settings } = variable;
  try {
    const options = { ...settings, ...(description !== undefined && { description }) };
    await client.api.ProjectVariables.create(project, key, value, options);
  } catch (error) {
    if (!isRefusal(error, 400, /already been taken/)) throw error;
    const filter = { environment_scope: settings.environmentScope };
    const there = await client.api.ProjectVariables.show(project, key, { filter });
    if (fieldOf(there, 'value') !== value) throw error;
  }
}
