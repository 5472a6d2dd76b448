/** The texts of the page that registers a location. */
import { plural } from '../../messages.ts';

export const messages = {
  title: 'Register what exists',
  why: 'Describe your software in a YAML file in its repository, most often catalog-info.yaml, and give its URL here. The portal reads it, and follows its changes from then on.',
  url: 'URL of the file',
  urlHint: 'https://github.com/acme/shop/blob/main/catalog-info.yaml',
  notUrl: 'This is not the URL of a file: it begins with https:// and names a host and a path.',
  look: 'Look at it first',
  looking: 'Reading…',
  lookFailed: 'The file cannot be registered as it is',
  found: (total: number) => `It brings ${plural(total, 'entity', 'entities')}`,
  exists: 'This location is registered already. Registering it again has it read anew.',
  register: 'Register',
  readAgain: 'Read it again',
  registering: 'Registering…',
  registerFailed: 'It could not be registered',
  registered: 'Registered',
  registeredWhy: 'The portal is reading the file now; what it brings is in the catalog in a moment.',
  another: 'Register another one',
  noFile: 'There is no file yet?',
  noFileWhy: 'Put this into your repository as catalog-info.yaml, and fill in your own names:',
  yaml: `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  description: Where customers buy things
spec:
  type: service
  lifecycle: production
  owner: team-shop`,
} as const;
