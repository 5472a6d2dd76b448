/** The kinds that a portal knows without any plugin. */
import type { KindDefinition } from '../kind.ts';
import { aiResource } from './ai-resource.ts';
import { api } from './api.ts';
import { component } from './component.ts';
import { domain } from './domain.ts';
import { group } from './group.ts';
import { location } from './location.ts';
import { resource } from './resource.ts';
import { system } from './system.ts';
import { template } from './template.ts';
import { user } from './user.ts';

/** Component, API, Resource, System, Domain, Group, User, Location, Template, AiResource. */
export const BUILTIN_KINDS: readonly KindDefinition[] = [
  component,
  api,
  resource,
  system,
  domain,
  group,
  user,
  location,
  template,
  aiResource,
];
