/** The texts of unregistering and deleting. */
import { count, plural } from '../../../messages.ts';

export const messages = {
  title: (name: string) => `Unregister ${name}`,
  reading: 'Finding out what goes with it…',
  readFailed: 'What would go with it could not be found out',
  registered: (total: number) =>
    `Its location was registered through the portal. Unregistering takes the location away, and with it ${plural(total, 'entity', 'entities')}:`,
  configured:
    'It comes from a location in catalog.locations of the configuration, so it cannot be unregistered here. Remove the location from the configuration file; the portal follows at once.',
  provider: (name: string) =>
    `The provider ${name} brings it. Remove it there; what the provider no longer gives disappears by itself.`,
  imported: (total: number) =>
    `It was imported once, so it can be deleted for good. ${plural(total, 'entity goes', 'entities go')}:`,
  importedAbove:
    'It belongs to a location that was imported. Delete that Location instead: Why? names it, and what it brings goes with it.',
  none: (total: number) =>
    `No source lists it any more, so it can be deleted for good. ${plural(total, 'entity goes', 'entities go')}:`,
  location: 'Location',
  removeNow:
    'Deleting it now would not last: its source still lists it, and it comes back with the next reading.',
  more: (total: number) => `and ${count(total)} more`,
  nothingElse: 'The file itself is not touched.',
  confirm: (total: number) => `Yes, ${plural(total, 'entity goes', 'entities go')}`,
  unregister: 'Unregister',
  remove: 'Delete',
  cancel: 'Cancel',
  close: 'Close',
  working: 'Removing…',
  failed: 'It could not be removed',
} as const;
