/** The fields that every portal has, by the names that templates use. A plugin's are of the same shape. */
import type { FieldExtension } from '../form/field-extension.ts';
import { checkEntityName, EntityNamePicker } from './entity-name-picker.tsx';
import { EntityPicker, OwnedEntityPicker, OwnerPicker } from './entity-picker.tsx';
import { EntityTagsPicker } from './entity-tags-picker.tsx';
import { MultiEntityPicker } from './multi-entity-picker.tsx';
import { MyGroupsPicker } from './my-groups-picker.tsx';
import { RepoBranchPicker, RepoOwnerPicker } from './repo-fields.tsx';
import { checkRepoUrl, RepoUrlPicker } from './repo-url-picker.tsx';
import { SecretField } from './secret-field.tsx';

export const BUILTIN_FIELDS: readonly FieldExtension[] = [
  { name: 'EntityNamePicker', component: EntityNamePicker, validation: checkEntityName },
  { name: 'EntityPicker', component: EntityPicker },
  { name: 'EntityTagsPicker', component: EntityTagsPicker },
  { name: 'MultiEntityPicker', component: MultiEntityPicker },
  { name: 'MyGroupsPicker', component: MyGroupsPicker },
  { name: 'OwnedEntityPicker', component: OwnedEntityPicker },
  { name: 'OwnerPicker', component: OwnerPicker },
  { name: 'RepoBranchPicker', component: RepoBranchPicker },
  { name: 'RepoOwnerPicker', component: RepoOwnerPicker },
  { name: 'RepoUrlPicker', component: RepoUrlPicker, validation: checkRepoUrl },
  { name: 'Secret', component: SecretField },
];
