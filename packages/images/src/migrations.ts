/** The tables of the room, all of them. */
import type { RoomMigrations } from '@callboard/kernel';
import { findingsMigrationSteps } from './findings/migrations.ts';
import { goldenMigrationSteps } from './golden/migrations.ts';
import { patchMigrationSteps } from './patches/migrations.ts';
import { signingMigrationSteps } from './patches/signing.ts';

export const imagesMigrations: RoomMigrations = {
  room: 'images',
  steps: [
    ...findingsMigrationSteps,
    ...goldenMigrationSteps,
    ...patchMigrationSteps,
    ...signingMigrationSteps,
  ],
};
